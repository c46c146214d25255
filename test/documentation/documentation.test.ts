import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { referencePage } from './reference.ts';

/** Tables are aligned by the formatter, so only the words are compared. */
const words = (markdown: string) => markdown.replace(/-{3,}/g, '---').replace(/\s+/g, ' ').trim();

async function markdownFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
}

describe('the documentation', () => {
  it('docs/reference.md says what the code says (else: npm run docs)', async () => {
    expect(words(await readFile('docs/reference.md', 'utf8'))).toBe(words(referencePage()));
  });

  it('links only to files and headings that are there', async () => {
    const broken: string[] = [];
    for (const file of ['README.md', 'CHANGELOG.md', ...(await markdownFiles('docs'))]) {
      const text = await readFile(file, 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
        const [path = '', heading] = link.split('#');
        const target = path === '' ? file : join(dirname(file), path);
        const there = await readFile(target, 'utf8').catch(async () =>
          (await readdir(target).catch(() => undefined)) === undefined ? undefined : '',
        );
        if (there === undefined || (heading !== undefined && !headings(there).includes(heading)))
          broken.push(`${file}: ${link}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('the commands it names exist', async () => {
    const commands = await readFile('src/cli/commands.ts', 'utf8');
    for (const file of ['README.md', ...(await markdownFiles('docs'))]) {
      const text = await readFile(file, 'utf8');
      for (const [, command = ''] of text.matchAll(/npx crm-sync ([a-z-]+)/g)) {
        expect([file, command, commands.includes(command)]).toEqual([file, command, true]);
      }
    }
  });
});

/** Anchors as forges make them. */
function headings(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
