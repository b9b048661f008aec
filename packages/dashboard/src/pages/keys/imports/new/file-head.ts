import type { Format } from '../upload.ts'

/** How much of a file is looked at before it is sent, in bytes. */
export const HEAD_BYTES = 64 * 1024

/** The columns of CSV, and the fields of NDJSON, as the API names them. */
export const FIELDS = [
  'name',
  'token',
  'sha256',
  'type',
  'environment',
  'consumer',
  'roles',
  'status',
  'expiresAt',
  'labels',
  'hint',
] as const
export type Field = (typeof FIELDS)[number]

/** What other products call these fields, in lower case and without separators. */
const OTHER_NAMES: ReadonlyMap<string, Field> = new Map([
  ['keyname', 'name'],
  ['title', 'name'],
  ['description', 'name'],
  ['key', 'token'],
  ['apikey', 'token'],
  ['secret', 'token'],
  ['value', 'token'],
  ['hash', 'sha256'],
  ['keyhash', 'sha256'],
  ['tokenhash', 'sha256'],
  ['digest', 'sha256'],
  ['kind', 'type'],
  ['env', 'environment'],
  ['stage', 'environment'],
  ['client', 'consumer'],
  ['customer', 'consumer'],
  ['owner', 'consumer'],
  ['application', 'consumer'],
  ['role', 'roles'],
  ['scopes', 'roles'],
  ['permissions', 'roles'],
  ['enabled', 'status'],
  ['active', 'status'],
  ['state', 'status'],
  ['expires', 'expiresAt'],
  ['expiry', 'expiresAt'],
  ['expiration', 'expiresAt'],
  ['validuntil', 'expiresAt'],
  ['tags', 'labels'],
  ['metadata', 'labels'],
  ['prefix', 'hint'],
  ['start', 'hint'],
])

/** A column or field that the API does not know. */
export interface UnknownField {
  /** From 1. */
  readonly position: number
  /** Undefined if it could be a token: then the file has no header. */
  readonly name: string | undefined
  /** What it is probably called here. */
  readonly meant: Field | undefined
}

/** Why a file would be refused as a whole, or each of its lines. */
export type FileFault =
  | 'empty'
  | 'spreadsheet'
  | 'compressed'
  | 'encoding'
  | 'separator'
  | 'json'
  | 'unreadable'

/** What the beginning of a file says. */
export interface FileHead {
  readonly fault: FileFault | undefined
  readonly known: readonly Field[]
  readonly unknown: readonly UnknownField[]
  /** Fields of which a file needs one of each list. */
  readonly missing: readonly (readonly Field[])[]
}

/** An opening brace, as an object begins. */
const BRACE = 0x7b
/** What may stand before it: a byte order mark, spaces, tabs and line breaks. */
const BLANK: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d])
const NOTHING: Omit<FileHead, 'fault'> = { known: [], unknown: [], missing: [] }
const NEEDED: readonly (readonly Field[])[] = [['name'], ['token', 'sha256']]
/** A name of a column that certainly is no token. */
const PLAIN_NAME = /^[a-z][a-z _-]{0,23}$/i

/** The first bytes of kinds of files that are no text. */
const BINARY: readonly { readonly fault: FileFault; readonly bytes: readonly number[] }[] = [
  // A ZIP file, as spreadsheets are.
  { fault: 'spreadsheet', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { fault: 'spreadsheet', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { fault: 'compressed', bytes: [0x1f, 0x8b] },
  // UTF-16, as some spreadsheets export it.
  { fault: 'encoding', bytes: [0xff, 0xfe] },
  { fault: 'encoding', bytes: [0xfe, 0xff] },
]

/** The form that a file probably has, by its name and its first sign. */
export function formatOf(name: string, bytes: Uint8Array): Format {
  return bytes.find(isNotBlank) === BRACE || /\.(?:ndjson|jsonl|json)$/i.test(name) ? 'ndjson' : 'csv'
}

function isNotBlank(byte: number): boolean {
  return !BLANK.has(byte)
}

/**
 * Reads what the beginning of a file says, before it is sent. The server decides; this tells at once what it would refuse.
 *
 * @param bytes null if the file cannot be read
 */
export function fileHead(bytes: Uint8Array | null, format: Format): FileHead {
  if (bytes === null) return { ...NOTHING, fault: 'unreadable' }
  const binary = BINARY.find((kind) => kind.bytes.every((byte, index) => bytes[index] === byte))
  if (binary !== undefined) return { ...NOTHING, fault: binary.fault }
  const text = textOf(bytes)
  if (text === undefined) return { ...NOTHING, fault: 'encoding' }
  if (text.trim() === '') return { ...NOTHING, fault: 'empty' }
  return format === 'csv' ? csvHead(text) : ndjsonHead(text, bytes.length === HEAD_BYTES)
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    // A character can be cut off at the end.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
}

function csvHead(text: string): FileHead {
  const cells = firstRecord(text).map((cell) => cell.trim())
  const [only = ''] = cells
  if (cells.length === 1 && /[;\t|]/.test(only)) return { ...NOTHING, fault: 'separator' }
  return fieldsOf(cells)
}

/** The cells of the first line that is not empty (RFC 4180). */
function firstRecord(text: string): readonly string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (const char of text.trimStart()) {
    if (char === '"') isQuoted = !isQuoted
    else if (!isQuoted && char === ',') {
      cells.push(cell)
      cell = ''
    } else if (!isQuoted && (char === '\n' || char === '\r')) break
    else cell += char
  }
  return [...cells, cell]
}

function ndjsonHead(text: string, isCut: boolean): FileHead {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '')
  const whole = isCut && lines.length > 1 ? lines.slice(0, -1) : lines
  const names = new Set<string>()
  for (const line of whole) {
    const fields = objectOf(line)
    if (fields === undefined) return { ...NOTHING, fault: 'json' }
    for (const name of Object.keys(fields)) names.add(name)
  }
  return fieldsOf([...names])
}

function objectOf(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function fieldsOf(names: readonly string[]): FileHead {
  const known = FIELDS.filter((field) => names.includes(field))
  const unknown = names.flatMap((name, index) =>
    isField(name) ? [] : [{ position: index + 1, ...unknownField(name, known) }],
  )
  // A column with another name only has to be renamed.
  const meant = [...known, ...unknown.flatMap((column) => column.meant ?? [])]
  return {
    fault: undefined,
    known,
    unknown,
    missing: NEEDED.filter((any) => !any.some((field) => meant.includes(field))),
  }
}

function isField(name: string): name is Field {
  return FIELDS.some((field) => field === name)
}

function unknownField(name: string, known: readonly Field[]): Omit<UnknownField, 'position'> {
  const plain = name.toLowerCase().replaceAll(/[ _-]/g, '')
  const meant = FIELDS.find((field) => field.toLowerCase() === plain) ?? OTHER_NAMES.get(plain)
  return {
    name: PLAIN_NAME.test(name) ? name : undefined,
    meant: meant === undefined || known.includes(meant) ? undefined : meant,
  }
}
