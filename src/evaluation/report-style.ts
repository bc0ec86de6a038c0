/** The style sheet of a report: light and dark by the reader's preference, one column on a phone, plain on paper. */
export const reportStyle = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#566172;--line:#dbe0e7;--first:#1f5fbf;--second:#c2560c;--muted:#8a94a3;--good:#17703a;--bad:#b3261e;--low:#2b6cb0;--lower:#7a9cc6;--higher:#d98b5f;--high:#c2410c}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2029;--ink:#e6eaf0;--soft:#a3adbb;--line:#323b48;--first:#79aef5;--second:#f0a35e;--muted:#78838f;--good:#6fcf8f;--bad:#ff8a80;--low:#63a4ff;--lower:#9db8dc;--higher:#e8b48c;--high:#ff8f52}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:1.75rem;line-height:1.2;margin:0}
h2{font-size:1.25rem;margin:0 0 8px}
h3{font-size:1rem;margin:24px 0 8px}
p{margin:4px 0 12px}
.soft{color:var(--soft)}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px;margin-top:20px}
.verdict{border-left:5px solid var(--first)}
.verdict p{margin:0;white-space:pre-line}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0 0}
dl.facts div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px}
dt{color:var(--soft);font-size:.85rem}
dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;overflow-wrap:normal}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding-bottom:4px}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:baseline}
thead th{color:var(--soft);font-weight:500;font-size:.85rem}
tbody th{font-weight:500;overflow-wrap:anywhere;min-width:8em}
td.number,th.number{text-align:right;white-space:nowrap}
td.text{overflow-wrap:anywhere}
tr>:last-child{padding-right:0}
tr:last-child>*{border-bottom:0}
.better{color:var(--good);font-weight:600}
.worse{color:var(--bad);font-weight:600}
.pass{color:var(--good)}.fail{color:var(--bad);font-weight:600}.inconclusive{color:var(--second);font-weight:600}.not-applicable{color:var(--soft)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:20px;margin-top:20px}
.tables{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:20px 32px;align-items:start}
.tables h3{margin-top:0}
.scroll+.scroll{margin-top:16px}
.charts.wide{grid-template-columns:1fr}.charts.wide .chart{min-height:60px}
figure{margin:0;break-inside:avoid}
figcaption{font-weight:600}
.chart{width:100%;min-height:230px;margin-top:4px}
.chart svg{display:block;max-width:100%;overflow:visible}
figure .soft{font-size:.85rem;margin:2px 0 0}
.explorer{margin-top:24px}
.explorer .tables{grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr))}.explorer .scroll+.scroll{margin-top:0}
.controls{display:grid;grid-template-columns:max-content 1fr max-content;gap:8px 14px;align-items:center;margin-bottom:12px}
.controls output{font-weight:600;font-variant-numeric:tabular-nums}
.controls input[type=range]{width:100%;accent-color:var(--first)}
.controls input[type=number]{width:9em}
input,button{font:inherit;color:inherit;background:var(--page);border:1px solid var(--muted);border-radius:6px;padding:3px 9px}
:is(input,button,.scroll,summary,a,pre):focus-visible{outline:2px solid var(--first);outline-offset:2px}
.bar.first{fill:var(--first);opacity:.6}
.share{width:45%;min-width:90px}
.share svg{display:block;width:100%;height:10px}
.confusion :is(td,thead th+th){text-align:center}
td.cell{background:color-mix(in srgb,var(--first) calc(var(--part)*60%),transparent)}
nav{margin-top:16px}
nav ol{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none;font-size:.9rem}
a{color:var(--first)}
section{scroll-margin-top:8px}
h4{font-size:.95rem;margin:0 0 4px}
ul,ol{padding-left:1.3em;margin:4px 0 12px}
dl.headline dd{font-size:1.15rem}dl.headline dd .soft{font-size:.8rem;font-weight:400;display:block}dl.headline dd+dd{margin-top:6px}
dl.headline{grid-template-columns:repeat(auto-fit,minmax(200px,1fr))}
.examples{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:16px 28px}
.examples ol{font-size:.9rem}
.raises{color:var(--high)}.lowers{color:var(--low)}
details{font-size:.85rem;margin-top:6px}
summary{cursor:pointer;color:var(--soft)}
details .scroll{max-height:320px;overflow:auto;margin-top:6px}
td .soft{font-size:.85em}
code{font:.85em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
td code{white-space:normal;overflow-wrap:anywhere;display:inline-block;max-width:34em;text-align:left}
.command{display:flex;gap:12px;align-items:flex-start}.command pre{flex:1;min-width:0}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media (max-width:520px){main{padding:16px 10px 32px}section{padding:14px}table{font-size:.85rem}th,td{padding-right:8px}tr>:last-child{padding-right:0}tbody th{min-width:6em}thead th.number{white-space:normal}.share{width:30%}.controls{grid-template-columns:1fr}}
@media print{.controls,nav,details.data,.copy{display:none}.chart{min-height:0}.scroll,details .scroll{overflow:visible;max-height:none}:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--first:#1f5fbf;--second:#c2560c;--muted:#888;--good:#17703a;--bad:#b3261e}body{font-size:11pt}main{max-width:none;padding:0}section{border:0;padding:0;margin-top:16pt}.verdict{padding-left:10pt;border-left:4px solid}h2,h3{break-after:avoid}tr{break-inside:avoid}.charts{grid-template-columns:1fr 1fr}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();
