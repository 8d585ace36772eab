/** What the page adds to the look of the public pages. */
export const customerStyle = `
:root{--mine:light-dark(#DCEDE6,#1C3A30);--shadow:0 1px 2px rgb(0 0 0/.06)}
.site{max-width:1320px;padding:0 24px 24px}
.head{justify-content:space-between;height:64px}
.brand{display:flex;align-items:center;gap:10px;min-width:0}
.brand svg{color:var(--accent-ink);flex:none}
nav{display:flex;gap:2px}nav a{padding:6px 8px;border-radius:6px;color:var(--ink-2);text-decoration:none;font:500 13px/19px var(--font);letter-spacing:0}
nav a[aria-current]{background:var(--accent-soft);color:var(--accent-ink)}
.intro{display:flex;flex-wrap:wrap;gap:16px 32px;align-items:end;justify-content:space-between;padding:8px 0 20px}
.intro>div{max-width:680px}.intro h1{margin-bottom:8px;font-size:28px;line-height:36px}
.intro .hint{margin-top:8px}
.counters{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:16px;align-items:stretch;padding:0}
.counter{display:flex;flex-direction:column;min-width:0;height:620px;background:var(--pane);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.top{display:flex;gap:10px;align-items:center;padding:10px 16px;min-height:73px;border-bottom:1px solid var(--line)}
.top>div{flex:1;min-width:0}
.counter h2{font:600 14px/20px var(--font);margin:0}
.tile{flex:none;width:30px;height:30px;border-radius:10px 10px 3px 3px;background:var(--accent-soft);color:var(--accent-ink);display:grid;place-items:center}
.alone{flex:none;color:var(--accent-ink);font:500 12px/16px var(--font);padding:6px;border-radius:6px}
iframe{flex:1;width:100%;min-height:0;border:0;background:var(--canvas)}
.who{display:grid;grid-template-columns:1fr auto;gap:6px 8px;align-items:end;padding:10px 16px;border-bottom:1px solid var(--line);background:var(--pane-2)}
.who label{font:500 12px/16px var(--font);color:var(--ink-2)}
.who input{min-height:34px;padding:6px 10px;margin-top:4px}
.who .hint{grid-column:1/-1;font-variant-numeric:tabular-nums}
.quiet{background:none;border:1px solid var(--line-2);border-radius:6px;min-height:34px;padding:0 10px;font:500 12px/16px var(--font);color:var(--ink);cursor:pointer}
.quiet:hover{background:var(--pane-2)}.quiet:focus-visible,.icon:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.thread{flex:1;min-height:0;overflow-y:auto;padding:16px;display:flex;flex-direction:column;gap:10px;margin:0}
.thread p{margin:0}
.thread:focus-visible{outline:2px solid var(--focus);outline-offset:-2px}
.thread p{max-width:86%;padding:8px 12px;border-radius:10px;background:var(--pane-2);border:1px solid var(--line);border-bottom-left-radius:3px;white-space:pre-line;overflow-wrap:anywhere;align-self:flex-start}
.thread p.mine{align-self:flex-end;background:var(--mine);border-color:transparent;border-radius:10px;border-bottom-right-radius:3px}
.thread small{display:block;margin-top:2px;font-size:11px;line-height:15px;color:var(--ink-2);font-variant-numeric:tabular-nums}
.thread p.bad small{color:var(--danger-ink)}
.thread p.none{margin:auto;max-width:240px;text-align:center;background:none;border:0;color:var(--ink-3)}
.say{display:flex;gap:8px;align-items:flex-end;padding:12px 16px;border-top:1px solid var(--line)}
.say textarea{min-height:40px;max-height:120px;resize:none;font-size:14px}
.icon{flex:none;width:40px;height:40px;border:0;border-radius:6px;background:var(--accent);color:#fff;display:grid;place-items:center;cursor:pointer}
.icon:hover{background:var(--accent-hover)}
.provider{margin:16px 0 0;padding:16px 20px 18px;background:var(--pane);border:1px solid var(--line);border-radius:10px;min-width:0}
.provider legend{float:left;width:100%;font:600 14px/20px var(--font);margin:0}
.provider legend+*{clear:both}
.provider .hint{margin:2px 0 12px}
.modes{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:8px}
.modes label{position:relative;padding:10px 12px;border:1px solid var(--line-2);border-radius:8px;cursor:pointer;font-weight:500;min-width:0}
.modes label:hover{background:var(--pane-2)}
.modes label:has(:checked){border-color:transparent;box-shadow:inset 0 0 0 1.5px var(--focus);background:var(--accent-soft);color:var(--accent-ink)}
.modes label:has(:focus-visible){outline:2px solid var(--focus);outline-offset:2px}
.modes input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.modes span{display:block;font-weight:400;font-size:12px;line-height:16px;color:var(--ink-2);margin-top:2px}
.state{min-height:16px;margin:10px 0 0;font-size:12px;line-height:16px;color:var(--ink-2)}
@media (max-width:1099px){.counters{grid-template-columns:repeat(2,minmax(0,1fr))}.counters .counter:first-child{grid-column:1/-1;height:560px}.modes{grid-template-columns:repeat(3,minmax(0,1fr))}}
@media (max-width:760px){.site{padding:0 16px 16px}.counters{grid-template-columns:minmax(0,1fr)}.counter{height:560px}.modes{grid-template-columns:repeat(2,minmax(0,1fr))}.intro .btn{width:100%}nav a{padding:10px 8px}.who input,.quiet{min-height:44px;font-size:16px}.quiet{font-size:13px}.say textarea{font-size:16px;min-height:44px}.icon{width:44px;height:44px}}
@media (max-width:480px){h1{font-size:26px}.intro .soft{font-size:14px;line-height:21px}}
`;
