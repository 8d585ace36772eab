import { createHash } from 'node:crypto';

/** The look of the pages that customers see: the desk's tokens, light and dark, without a byte from anybody else. */
export const publicStyle = `
:root{color-scheme:light dark;--canvas:light-dark(#F1F3F2,#0C0F0E);--pane:light-dark(#FFF,#131716);--pane-2:light-dark(#F8F9F8,#171C1A);--field:light-dark(#FFF,#0F1312);--line:light-dark(#E3E7E5,#232A28);--line-2:light-dark(#D0D6D3,#333C39);--line-strong:light-dark(#7D8884,#6E7A75);--ink:light-dark(#141A18,#EDF1EF);--ink-2:light-dark(#444E4A,#B9C2BE);--ink-3:light-dark(#5C6662,#929C98);--accent:light-dark(#14614E,#27836A);--accent-hover:light-dark(#0F5040,#217560);--accent-ink:light-dark(#125A48,#6FCBAE);--accent-soft:light-dark(#E3F0EB,#153028);--focus:light-dark(#14614E,#6FCBAE);--danger:light-dark(#B93A2B,#C24A38);--danger-ink:light-dark(#A22F21,#F3907F);--danger-soft:light-dark(#FBEBE8,#361C18);--font:"Inter",ui-sans-serif,system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif}
*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--ink);font:400 14px/20px var(--font);-webkit-text-size-adjust:100%}
.site{min-height:100vh;display:flex;flex-direction:column;max-width:960px;margin:0 auto;padding:0 40px}
.head{height:76px;display:flex;align-items:center;gap:12px;font:600 16px/24px var(--font);letter-spacing:-.014em;min-width:0}
.head span:last-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.mono{flex:none;width:32px;height:34px;border-radius:11px 11px 3px 3px;background:var(--ink);color:var(--pane);display:grid;place-items:center;font-weight:700}
main{display:grid;grid-template-columns:300px minmax(0,500px);gap:48px;padding:28px 0 40px;align-items:start}
main.one{grid-template-columns:minmax(0,500px);justify-content:center}
h1{font:600 32px/40px var(--font);letter-spacing:-.032em;margin:0 0 12px;text-wrap:balance;overflow-wrap:anywhere}
.soft{color:var(--ink-2);overflow-wrap:anywhere}.intro .soft{font:400 15px/23px var(--font);margin:0;white-space:pre-line}
.card{background:var(--pane);border:1px solid var(--line);border-radius:12px;padding:26px 28px 24px}
form.card{display:grid;gap:18px}
.two{display:grid;grid-template-columns:1fr 1fr;gap:14px;align-items:start}
.field{display:grid;gap:6px;min-width:0;border:0;margin:0;padding:0}
.field>label,legend{font-weight:500;padding:0}.muted{color:var(--ink-3);font-weight:400}
legend{margin-bottom:6px}
input,textarea,select,button{font:inherit;color:inherit}
.text{width:100%;min-height:40px;padding:9px 12px;border:1px solid var(--line-2);border-radius:6px;background:var(--field)}
textarea.text{min-height:112px;resize:vertical;display:block}
.text:focus-visible,.drop:focus-within{border-color:var(--focus);outline:3px solid color-mix(in srgb,var(--focus) 18%,transparent);outline-offset:0}
[aria-invalid=true].text{border-color:var(--danger)}
.err{font-size:12px;line-height:16px;color:var(--danger-ink);display:flex;gap:6px;align-items:flex-start;margin:0}.err svg{flex:none;margin-top:1px}
.summary{padding:10px 12px;border-radius:8px;background:var(--danger-soft);color:var(--danger-ink);margin:0}
.hint{font-size:12px;line-height:16px;color:var(--ink-3);margin:0}
.opts{display:flex;flex-wrap:wrap;gap:8px}
.opts label{position:relative;min-height:34px;padding:6px 12px;border:1px solid var(--line-2);border-radius:17px;display:inline-flex;align-items:center;cursor:pointer}
.opts input{position:absolute;inset:0;opacity:0;margin:0;width:100%;height:100%;cursor:pointer}
.opts label:has(:checked){border-color:transparent;box-shadow:inset 0 0 0 1.5px var(--focus);background:var(--accent-soft);color:var(--accent-ink);font-weight:500}
.opts label:has(:focus-visible){outline:2px solid var(--focus);outline-offset:2px}
.drop{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;padding:12px;border:1.5px dashed var(--line-2);border-radius:8px;color:var(--ink-2)}
.drop input{max-width:100%;color:var(--ink-3)}.drop ::file-selector-button{font:inherit;font-weight:500;color:var(--ink);min-height:32px;padding:0 12px;margin-right:10px;border:1px solid var(--line-2);border-radius:6px;background:var(--pane);cursor:pointer}
.tick{display:flex;gap:10px;align-items:flex-start;color:var(--ink-2)}
.tick input{flex:none;width:18px;height:18px;margin:1px 0 0;accent-color:var(--accent)}
.foot{display:flex;flex-wrap:wrap;gap:12px;align-items:center;justify-content:space-between}
.foot .muted{font-size:12px}
.btn{display:inline-flex;align-items:center;justify-content:center;min-height:40px;padding:0 16px;border:1px solid var(--accent);border-radius:6px;background:var(--accent);color:#fff;font-weight:500;cursor:pointer;text-decoration:none}
.btn:hover{background:var(--accent-hover)}
.btn:focus-visible,a:focus-visible,.tick input:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.trap{position:absolute;left:-10000px;top:auto;width:1px;height:1px;overflow:hidden}
.result{display:grid;gap:12px;justify-items:start}.result h1{font-size:24px;line-height:32px;margin:0}.result p{margin:0}
.arch{width:44px;height:46px;border-radius:16px 16px 5px 5px;background:var(--accent-soft);color:var(--accent-ink);display:grid;place-items:center}
.arch.bad{background:var(--danger-soft);color:var(--danger-ink)}
footer{margin-top:auto;padding:20px 0;display:flex;gap:8px;align-items:center;font-size:12px;color:var(--ink-3)}
@media (max-width:860px){main{grid-template-columns:minmax(0,500px);justify-content:center;gap:24px;padding-top:8px}.site{padding:0 24px}}
@media (max-width:480px){.site{padding:0 16px}.head{height:64px}h1{font-size:26px;line-height:32px}.card{padding:20px 16px}.two{grid-template-columns:1fr;gap:18px}.text{font-size:16px;min-height:44px}.btn{min-height:44px;width:100%}.opts label{min-height:40px}}
`;

/** What the page's policy allows as its one style sheet. */
export const publicStyleHash = `'sha256-${createHash('sha256').update(publicStyle).digest('base64')}'`;
