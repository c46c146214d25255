import { html, type Html } from './page-html.ts';
import { pageStyle } from './page-style.ts';

/** What a person sees of a sandbox: the CRM's records under its name, renewed every ten seconds. */
export function sandboxPage(title: string, content: Html): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="10" />
        <title>${title}</title>
      </head>
      <body>
        <header>
          <h1><a href="/">${title}</a></h1>
          <p>What a person would see in the CRM, newest first.</p>
        </header>
        <main>${content}</main>
      </body>
    </html>`;
  // The style is fixed text of ours: it must not be escaped.
  return document.text.replace('</head>', `<style>${pageStyle}</style></head>`);
}
