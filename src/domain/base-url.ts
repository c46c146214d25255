import { z } from 'zod';

/** A base URL as it is configured, without a slash at its end. Which hosts may be used is judged when a file is applied. */
export const baseUrlSchema = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
