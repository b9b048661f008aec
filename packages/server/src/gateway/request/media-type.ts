/** `application/json` and types with the suffix `+json` (RFC 6839 section 3.1), with any parameters. */
const JSON_TYPE = /^application\/(?:[a-z0-9.!#$&^_-]+\+)?json[ \t]*(?:;|$)/i
/** Text, forms, XML, and types with the suffix `+xml` (RFC 7303). */
const TEXT_TYPE =
  /^(?:text\/|application\/(?:x-www-form-urlencoded|(?:[a-z0-9.!#$&^_-]+\+)?xml)[ \t]*(?:;|$))/i
const FORM_TYPE = /^application\/x-www-form-urlencoded[ \t]*(?:;|$)/i
const CHARSET = /;[ \t]*charset="?([^";\s]+)/gi

/** Whether a content type is JSON. */
export function isJsonType(type: string): boolean {
  return JSON_TYPE.test(type)
}

/** The media type in lower case, without parameters. */
export function mediaTypeOf(type: string): string {
  const end = type.indexOf(';')
  return (end < 0 ? type : type.slice(0, end)).trim().toLowerCase()
}

/** Whether a content type is that of HTML forms (URL standard, section 5). */
export function isFormType(type: string): boolean {
  return FORM_TYPE.test(type)
}

/** Whether a content type is readable text. */
export function isTextType(type: string): boolean {
  return TEXT_TYPE.test(type)
}

/** The character encoding of a content type; UTF-8 when it names none. */
export function charsetOf(type: string): string {
  return charsetsOf(type)[0] ?? 'utf-8'
}

/** All character encodings that a content type names: which one of several counts is up to its reader. */
export function charsetsOf(type: string): string[] {
  return [...type.matchAll(CHARSET)].flatMap(([, charset]) => charset ?? [])
}
