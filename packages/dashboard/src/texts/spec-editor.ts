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
