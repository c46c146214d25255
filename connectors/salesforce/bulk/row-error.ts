/** A row's error in the form that the rest of the API gives it in. */
export interface RowError {
  readonly statusCode: string | undefined;
  readonly message: string;
  readonly fields: readonly string[];
}

/** `CODE:message:Field,Other --`; the message may hold colons and line breaks, and the list may be empty. */
const ROW_ERROR = /^\s*([A-Z][A-Z0-9_]*):([\s\S]*?)(?::([\w,\s]*?))?\s*--\s*$/;

/** Reads the text in `sf__Error`. What has no such form is a message without a code. */
export function readRowError(text: string): RowError {
  const match = ROW_ERROR.exec(text);
  if (match !== null) {
    const [, statusCode, message = '', fields = ''] = match;
    return { statusCode, message, fields: fields.split(/[,\s]+/).filter((field) => field !== '') };
  }
  return { statusCode: /^\s*([A-Z][A-Z0-9_]+)\b/.exec(text)?.[1], message: text, fields: [] };
}
