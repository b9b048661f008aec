import { count, counted } from '../format/numbers.ts'

/** What each type of a schema is called. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields of its own',
  null: 'null',
}

function typeWords(types: readonly string[]): string {
  return listed(types.map((type) => TYPES[type] ?? type))
}

/** Such as "a, b or c". */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
}

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) return `at most ${count(maximum ?? 0)}`
  return maximum === undefined ? `at least ${count(minimum)}` : `from ${count(minimum)} to ${count(maximum)}`
}

/** The editor of a spec: what is wrong at a line, and what each field means. */
export const specEditor = {
  faults: {
    unknownStep: (name: string, meant: string | undefined, known: readonly string[]) =>
      meant === undefined
        ? `There is no step “${name}”. The steps are ${listed(known)}.`
        : `There is no step “${name}”. Did you mean ${meant}?`,
    unknownField: (name: string, meant: string | undefined, known: readonly string[]) =>
      meant === undefined
        ? `There is no field “${name}” here. Possible are ${listed(known)}.`
        : `There is no field “${name}” here. Did you mean ${meant}?`,
    missing: (name: string) => `Add the field ${name}.`,
    oneMissing: (known: readonly string[]) => `Add one of the fields ${listed(known)}.`,
    stepMissing: (name: string) => `Write a step, such as ${name}.`,
    fieldsMissing: (name: string) => `Write its fields, such as ${name}.`,
    secondStep: (name: string) => `Give ${name} an entry of its own in the list: each entry is one step.`,
    notOneOf: (known: readonly string[], meant: string | undefined) =>
      meant === undefined ? `Write ${listed(known)}.` : `Write ${listed(known)}. Did you mean ${meant}?`,
    wrongType: (types: readonly string[], value: unknown) =>
      types.includes('string') && (typeof value === 'number' || typeof value === 'boolean')
        ? `Write ${typeWords(types)}. Quotes make text of ${String(value)}.`
        : `Write ${typeWords(types)}.`,
    tooFewItems: (least: number) => `List at least ${counted(least, 'entry', 'entries')}.`,
    tooManyItems: (most: number) => `List at most ${counted(most, 'entry', 'entries')}.`,
    textMissing: 'Write at least one character.',
    textTooLong: (most: number) => `Write at most ${counted(most, 'character')}.`,
    outside: (minimum: number | undefined, maximum: number | undefined) =>
      `Write a number ${range(minimum, maximum)}.`,
  },
  /** What the text may not have, or why it cannot be read. */
  yaml: {
    directive: 'Remove the lines that begin with %: a spec is YAML 1.2.',
    tag: 'Remove the tag, which begins with an exclamation mark: the type follows from the value.',
    name: 'Write a text as the name of this field.',
    twice: 'This name is there twice. Remove one of them.',
    merge: 'Write the fields out: YAML 1.2 has no merge keys.',
    inexact: 'This number cannot be kept exactly. Write a smaller one, or put it in quotes as text.',
    endless: 'This alias stands within the value that it means. Write the value out.',
    unknownAlias: (name: string) => `There is no &${name} before this line. Write the value out.`,
    manyAliases: 'The aliases stand for too many values. Write the values out.',
    tooLong: 'The text is too long to be checked here. The server takes a spec of at most 256 KiB.',
    tooDeep: 'Too many fields stand within each other.',
    codes: {
      MULTIPLE_DOCS: 'Remove the line --- and what follows: a spec is one document.',
      TAB_AS_INDENT: 'Indent with spaces instead of tabs.',
      NON_STRING_KEY: 'Write a text as the name of this field.',
      TAG_RESOLVE_FAILED: 'Remove the tag, which begins with an exclamation mark.',
    } as Readonly<Record<string, string>>,
  },
  /** The type of a field, with its bounds. */
  type: (types: readonly string[], minimum?: number, maximum?: number) =>
    minimum === undefined && maximum === undefined
      ? typeWords(types)
      : `${typeWords(types)} ${range(minimum, maximum)}`,
  oneOf: (known: readonly string[]) => listed(known),
  required: 'required',
  isDefault: 'default',
  byDefault: (value: string) => `default ${value}`,
  separator: ' · ',
  hint: 'Ctrl+Space suggests what fits at the cursor. This line explains the field at the cursor.',
}
