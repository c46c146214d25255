/** Tokens begin like this; names of variables do not. */
const TOKEN_PREFIX = /^(whsec|pat|sk|pk|ghp|eyj|bearer)[_-]/i;
const SHORTEST_TOKEN = 16;

/**
 * True for text that is more likely a secret than the name of one. Used to refuse, and never to repeat, a value that
 * somebody put where a name belongs. Variables are usually written in capitals, tokens mix letters of both cases and digits.
 */
export function looksLikeSecret(text: string): boolean {
  if (text.length < SHORTEST_TOKEN) return false;
  return TOKEN_PREFIX.test(text) || (/[a-z]/.test(text) && /[0-9]/.test(text)) || /^[0-9a-f]{24,}$/i.test(text);
}
