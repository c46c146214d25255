/** The page's whole style: no outside request, light and dark, tables that stay readable on a narrow screen. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: light-dark(#1f2933, #e4e9ee); --soft: light-dark(#5b6b7b, #9fb0c0);
  --paper: light-dark(#f5f7f9, #12181e); --card: light-dark(#ffffff, #1b232b); --line: light-dark(#dce3ea, #313d49);
  --mark: light-dark(#c2410c, #fb923c); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { padding: 1rem 1.5rem; border-bottom: 1px solid var(--line); background: var(--card); }
header h1 { margin: 0; font-size: 1.15rem; } header p { margin: .2rem 0 0; color: var(--soft); }
main { max-width: 76rem; margin: 0 auto; padding: 1.25rem 1.5rem 3rem; display: grid; gap: 1.25rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem; overflow-x: auto; }
h2 { margin: 0 0 .5rem; font-size: 1.02rem; } h2 small { color: var(--soft); font-weight: 400; margin-left: .5rem; }
a { color: inherit; text-decoration-color: var(--mark); text-underline-offset: 3px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .38rem .75rem .38rem 0; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 600; font-size: .8rem; }
td.time { white-space: nowrap; color: var(--soft); }
.kind { font-size: .78rem; font-weight: 600; color: var(--mark); white-space: nowrap; }
.none { color: var(--soft); margin: 0; }
dl { display: flex; flex-wrap: wrap; gap: .3rem 2rem; margin: 0; } dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; }
.warn { border-color: var(--mark); }
`;
