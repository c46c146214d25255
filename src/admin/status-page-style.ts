import { createHash } from 'node:crypto';
import type { Html } from './html.ts';

/** The page's only style sheet. `light-dark()` follows the reader's theme; contrast holds in both. */
const STYLE_SHEET = `
  :root { color-scheme: light dark; --paper: light-dark(#fbfbf9, #16181b); --ink: light-dark(#1d2125, #e6e8ea); --faint:
  light-dark(#5d666f, #98a2ac); --line: light-dark(#dfe2e5, #30363c); --card: light-dark(#ffffff, #1d2125); --green:
  light-dark(#1a6f3c, #6fcf97); --grey: light-dark(#5d666f, #a5aeb7); --blue: light-dark(#1f5fa8, #7db5f0); --violet:
  light-dark(#6a3fa0, #c0a0ee); --red: light-dark(#b3261e, #f2938c); --teal: light-dark(#0b6a6e, #63c9cd); } * {
  box-sizing: border-box; } body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--paper); color:
  var(--ink); font: 14px/1.45 system-ui, sans-serif; } h1 { margin: 0 0 1.5rem; font-size: 1.6rem; font-weight: 600;
  line-height: 1.25; } h2 { margin: 0 0 0.25rem; font-size: 1rem; } section { margin-bottom: 2rem; } .product { margin:
  0; color: var(--faint); } .faint, footer { color: var(--faint); } .cards { display: grid; grid-template-columns:
  repeat(auto-fill, minmax(20rem, 1fr)); gap: 1rem; } .card { padding: 1rem; border: 1px solid var(--line); border-top:
  3px solid var(--green); border-radius: 6px; background: var(--card); } .card p { margin: 0 0 0.5rem; } .card.behind,
  .card.parked, .card.paused { border-top-color: var(--blue); } .card.broken { border-top-color: var(--red); } .health {
  float: right; font-weight: 400; } dl { display: flex; flex-wrap: wrap; gap: 0.25rem 0.5rem; margin: 0.75rem 0; } dt {
  color: var(--faint); } dd { margin: 0 0.75rem 0 0; } .counts { display: grid; grid-template-columns: 1fr 1fr; gap:
  0.125rem 1rem; margin: 0; padding: 0; list-style: none; } .counts li { display: flex; justify-content: space-between;
  } table { width: 100%; border-collapse: collapse; } th { position: sticky; top: 0; background: var(--paper);
  text-align: left; font-weight: 500; color: var(--faint); } th, td { height: 36px; padding: 0 0.75rem 0 0;
  border-bottom: 1px solid var(--line); } dd, b, .number, .numeric, time { font-variant-numeric: tabular-nums; } .number
  { text-align: right; } .badge { white-space: nowrap; } .green { color: var(--green); } .grey { color: var(--grey); }
  .blue { color: var(--blue); } .violet { color: var(--violet); } .red { color: var(--red); } .teal { color:
  var(--teal); }
`;

/** The style sheet as an element of the page. */
export const STYLE_ELEMENT: Html = { markup: `<style>${STYLE_SHEET}</style>` };

/** What the content security policy knows the style sheet by. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE_SHEET).digest('base64')}`;
