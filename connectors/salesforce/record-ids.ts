/** 15 characters that tell upper from lower case, or 18 that need not. */
export function isRecordId(text: string): boolean {
  return /^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/.test(text);
}

/** The form in which two ids of one record are equal. */
export function shortId(id: string): string {
  return id.slice(0, 15);
}
