/** Tags of a piece of HTML that have no partner in it. */
export interface DanglingTags {
  /** Of elements that began before the piece. */
  readonly closing: string;
  /** Of elements that end after the piece, with their attributes. */
  readonly opening: string;
}

/** A tag, with its attributes; what only looks like one is text. */
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*|\/)?>/g;

/** Elements that have no end (HTML standard, void elements). */
const VOID: ReadonlySet<string> = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/** Elements that cannot stand in a paragraph. */
const BLOCKS: ReadonlySet<string> = new Set(
  'blockquote div dl h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td th tr ul'.split(' '),
);

/**
 * What must stay of the tags when a piece of HTML is replaced by another that is whole in itself, so that the elements
 * around it end where they did. Total, in time proportional to the piece times how deep it nests.
 */
export function danglingTags(piece: string): DanglingTags {
  const closing: string[] = [];
  const open: { readonly name: string; readonly tag: string }[] = [];
  for (const { name, tag, isEnd } of tagsOf(piece)) {
    if (!isEnd) {
      open.push({ name, tag });
      continue;
    }
    const begun = open.findLastIndex((each) => each.name === name);
    if (begun === -1) closing.push(tag);
    else open.length = begun;
  }
  return { closing: closing.join(''), opening: open.map(({ tag }) => tag).join('') };
}

/** True when the piece has a tag of a paragraph, a list or the like. */
export function hasBlocks(piece: string): boolean {
  return tagsOf(piece).some(({ name }) => BLOCKS.has(name));
}

function tagsOf(piece: string) {
  return [...piece.matchAll(TAG)]
    .map(([tag, slash, name = '']) => ({ tag, name: name.toLowerCase(), isEnd: slash === '/' }))
    .filter(({ name, tag }) => !VOID.has(name) && !tag.endsWith('/>'));
}
