import { html } from './html.ts';
import type { SignInText } from './services/authorize-text.ts';
import { STYLE_ELEMENT } from './status-page-style.ts';

/** Where the browser ends after a sign-in. Says what came of it, and repeats nothing of what the browser brought. */
export function authorizePage({ answer, next }: SignInText): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${answer}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>
          <p class="product">PersonaDesk CRM Sync</p>
          <h1>${answer}</h1>
        </header>
        <main><p>${next}</p></main>
      </body>
    </html> `;
  return page.markup;
}
