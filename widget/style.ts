/** The widget's look. It lives in a shadow root: the page's styles do not reach in, these do not reach out. */
export const style = `
:host{all:initial;color-scheme:light dark;--pane:light-dark(#FFF,#131716);--pane-2:light-dark(#F8F9F8,#171C1A);--field:light-dark(#FFF,#0F1312);--line:light-dark(#E3E7E5,#232A28);--line-2:light-dark(#D0D6D3,#333C39);--ink:light-dark(#141A18,#EDF1EF);--ink-2:light-dark(#444E4A,#B9C2BE);--ink-3:light-dark(#5C6662,#929C98);--head:light-dark(#14614E,#17453A);--accent:light-dark(#14614E,#27836A);--accent-hover:light-dark(#0F5040,#217560);--accent-ink:light-dark(#125A48,#6FCBAE);--mine:light-dark(#E7F1ED,#17302A);--mine-ink:light-dark(#12241E,#E6F3EE);--focus:light-dark(#14614E,#6FCBAE);--danger-ink:light-dark(#A22F21,#F3907F);--danger-soft:light-dark(#FBEBE8,#361C18);--warn-soft:light-dark(#FBF1DD,#30240F);--warn-ink:light-dark(#7D4C00,#E9B566);--p:light-dark(#E0E5F4,#273255);--p-ink:light-dark(#2F4180,#B5C3F2);--shadow-2:0 0 0 1px light-dark(#0B1A1414,#FFFFFF14),0 4px 12px light-dark(#0B1A1414,#00000073);--shadow-3:0 0 0 1px light-dark(#0B1A1417,#FFFFFF17),0 20px 48px -8px light-dark(#0B1A1433,#000000A6),0 6px 16px light-dark(#0B1A1414,#00000066)}
:host([data-theme=light]){color-scheme:light}:host([data-theme=dark]){color-scheme:dark}
*{box-sizing:border-box}
.root,button,textarea{font:400 14px/20px "Inter",ui-sans-serif,system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif;color:var(--ink)}
[hidden]{display:none!important}
button{border:0;background:none;padding:0;cursor:pointer}
button:focus-visible,.log:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.launch{position:fixed;right:28px;bottom:28px;z-index:2147483000;width:52px;height:52px;border-radius:20px 20px 6px 6px;background:var(--accent);color:#fff;display:grid;place-items:center;box-shadow:var(--shadow-2)}
.launch:hover{background:var(--accent-hover)}
.badge{position:absolute;top:-4px;right:-4px;min-width:20px;height:20px;padding:0 6px;border-radius:10px;background:light-dark(#B93A2B,#C24A38);color:#fff;font-size:12px;line-height:20px;font-weight:600;font-variant-numeric:tabular-nums}
.panel{position:fixed;right:28px;bottom:96px;z-index:2147483000;width:360px;height:min(560px,calc(100vh - 124px));background:var(--pane);border-radius:14px;box-shadow:var(--shadow-3);display:flex;flex-direction:column;overflow:hidden}
header{background:var(--head);color:#fff;padding:14px 16px;display:flex;gap:12px;align-items:center}
header .mono{flex:none;width:32px;height:34px;border-radius:11px 11px 3px 3px;background:#ffffff26;display:grid;place-items:center;font-weight:700}
header div{flex:1;min-width:0}
header h1,header b,header span{display:block;color:#fff;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
header h1,header b{font:inherit;font-weight:600;margin:0}header span{font-size:12px;line-height:16px;opacity:.9}
header button{width:32px;height:32px;border-radius:6px;color:#fff;display:grid;place-items:center}header button:hover{background:#ffffff1f}
header button:focus-visible{outline-color:#fff}
.log{flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:14px 14px 8px;display:flex;flex-direction:column;gap:10px}
.log>:first-child{margin-top:auto}
.day{align-self:center;font-size:12px;line-height:16px;color:var(--ink-3)}
.hello{color:var(--ink-2);text-align:center;padding:0 16px 8px;margin-bottom:0;white-space:pre-line}
.older{align-self:center;color:var(--accent-ink);font-weight:500;font-size:12px;padding:4px 8px;border-radius:6px}
.msg{display:flex;gap:8px;align-items:flex-end;max-width:86%}
.msg>div{min-width:0}
.msg.me{align-self:flex-end;flex-direction:column;align-items:flex-end}
.face{flex:none;width:26px;height:26px;border-radius:50%;background:var(--p);color:var(--p-ink);display:grid;place-items:center;font-size:11px;font-weight:600}
.who{font-size:12px;line-height:16px;color:var(--ink-3);margin:0 0 4px 2px}.bub{margin:0}p.sr{margin:0}
.bub{width:fit-content;padding:8px 12px;border-radius:10px 10px 10px 3px;background:var(--pane-2);box-shadow:inset 0 0 0 1px var(--line);white-space:pre-wrap;overflow-wrap:anywhere}
.me .bub{background:var(--mine);color:var(--mine-ink);box-shadow:none;border-radius:10px 10px 3px 10px}
.meta{display:flex;gap:4px;align-items:center;justify-content:flex-end;font-size:12px;line-height:16px;color:var(--ink-3);margin-top:3px;font-variant-numeric:tabular-nums}
.meta.bad{color:var(--danger-ink)}.meta button{font-size:12px;line-height:16px;color:var(--danger-ink);font-weight:600;text-decoration:underline}
.dots{display:inline-flex;gap:4px;padding:11px 12px}.dots i{width:6px;height:6px;border-radius:50%;background:var(--ink-3);animation:b 1.2s infinite}.dots i:nth-child(2){animation-delay:.15s}.dots i:nth-child(3){animation-delay:.3s}
@keyframes b{0%,60%,100%{opacity:.35}30%{opacity:1}}
.bar{padding:8px 14px;font-size:12px;line-height:16px;background:var(--warn-soft);color:var(--warn-ink)}.bar.bad{background:var(--danger-soft);color:var(--danger-ink)}
form{display:flex;align-items:flex-end;gap:8px;padding:10px 10px 10px 14px;border-top:1px solid var(--line);margin:0}
textarea{flex:1;min-width:0;height:36px;max-height:120px;padding:8px 0;border:0;outline:0;background:none;resize:none;overflow-y:auto}
textarea::placeholder{color:var(--ink-3);opacity:1}
form:focus-within{box-shadow:inset 0 2px 0 var(--focus)}
.send{flex:none;width:36px;height:36px;border-radius:6px;background:var(--accent);color:#fff;display:grid;place-items:center}.send:hover{background:var(--accent-hover)}
.send:disabled{background:var(--line);color:var(--ink-3);cursor:default}
.foot{padding:0 14px 10px;font-size:12px;line-height:16px;color:var(--ink-3);text-align:center}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:host([data-mode=page]) .panel{position:static;width:100%;height:100%;border-radius:12px;box-shadow:0 0 0 1px var(--line)}
@media (max-width:480px){:host([data-mode=page]) .panel{border-radius:0;box-shadow:none}:host(:not([data-mode=page])) .panel{inset:0;width:auto;height:auto;border-radius:0}:host(:not([data-mode=page])) .panel:not([hidden])+.launch{display:none}.launch{right:16px;bottom:16px}header button,.send{width:44px;height:44px}textarea{font-size:16px;height:44px;padding:12px 0}}
@media (prefers-reduced-motion:reduce){.dots i{animation:none}}
`;
