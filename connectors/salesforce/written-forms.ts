import { parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * The ways people, switchboards and Salesforce itself write one number. Salesforce keeps the text as it was entered; its
 * pages in US English turn ten digits into `(415) 555-1212`, so one org holds many forms, and a filter compares texts.
 *
 * @param phone the number as `parseNumber` gave it
 */
export function writtenForms({
  e164,
  national,
}: {
  readonly e164: string;
  readonly national: string;
}): readonly string[] {
  const parsed = parsePhoneNumberFromString(e164);
  const local = parsed?.formatNational() ?? national;
  const international = parsed?.formatInternational() ?? e164;
  const localDigits = local.replace(/\D/g, '');
  const forms = [
    e164,
    e164.slice(1),
    `00${e164.slice(1)}`,
    national,
    localDigits,
    local,
    local.replaceAll(/[()]/g, ''),
    international,
    international.replaceAll(' ', '-'),
    ...(e164.startsWith('+1') && national.length === 10 ? northAmerican(national) : []),
  ];
  return [...new Set(forms)];
}

/**
 * How an unusually written number begins, and the digits that follow: nationally, with the country's code, each in a
 * bracket or not. Formats without end have few beginnings.
 */
export function beginnings({
  e164,
  national,
}: {
  readonly e164: string;
  readonly national: string;
}): readonly { readonly start: string; readonly digits: string }[] {
  const local = (parsePhoneNumberFromString(e164)?.formatNational() ?? national).replace(/\D/g, '');
  const whole = e164.slice(1);
  const written = [...new Set([national, local, whole])];
  return [
    ...written.flatMap((text) =>
      ['', '('].map((before) => ({ start: before + text.slice(0, 1), digits: text.slice(1) })),
    ),
    { start: `+${whole.slice(0, 1)}`, digits: whole.slice(1) },
    { start: `00${whole.slice(0, 1)}`, digits: whole.slice(1) },
  ];
}

function northAmerican(national: string): readonly string[] {
  const [area, exchange, line] = [national.slice(0, 3), national.slice(3, 6), national.slice(6)];
  const dashed = `${area}-${exchange}-${line}`;
  const bracketed = `(${area}) ${exchange}-${line}`;
  return [
    dashed,
    bracketed,
    `(${area})${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    `${area} ${exchange} ${line}`,
    `1-${dashed}`,
    `1${national}`,
    `+1 ${bracketed}`,
    `+1-${dashed}`,
    `+1 ${dashed}`,
    `1 ${bracketed}`,
  ];
}
