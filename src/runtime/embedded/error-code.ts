/** Whether a system call, a database or a gRPC call failed with this code. */
export function hasErrorCode(error: unknown, ...codes: readonly (string | number)[]): boolean {
  if (!(typeof error === 'object' && error !== null && 'code' in error)) return false;
  return (typeof error.code === 'string' || typeof error.code === 'number') && codes.includes(error.code);
}
