import { describe, expect, it } from '@jest/globals';
import { createKnownIds } from '../../src/source/known-ids.ts';

describe('the memory of known ids', () => {
  it('forgets the one not seen for longest, and only when it is full', () => {
    const known = createKnownIds(2);
    ['a', 'b', 'a', 'c'].forEach((id) => known.add(id));
    expect(['a', 'b', 'c'].filter((id) => known.has(id))).toEqual(['a', 'c']);
  });
});
