import { Visitor } from 'oxc-parser'
import { isTest } from './import-rules.ts'
import type { SourceFile } from './source-file.ts'

const DASHBOARD = 'packages/dashboard/src/'

/** Where texts stand that people read. */
const TEXTS = `${DASHBOARD}texts/`
/** Where colours stand. */
const COLOURS = [`${DASHBOARD}theme/tokens.css`, `${DASHBOARD}theme/palette.ts`]
/** The one file that makes a client of the management API. */
const CLIENT = `${DASHBOARD}data/sallyport.ts`
/** The one file that sends the requests of the SDK where their progress is shown. */
const SENDING = `${DASHBOARD}data/sending/sending-fetch.ts`
/** The one file that keeps something in the browser: the choice of light or dark. */
const STORAGE = `${DASHBOARD}theme/color-scheme.ts`
/** The one file that copies: it notices when the browser refuses, and pages over plain HTTP have no clipboard. */
const COPYING = `${DASHBOARD}parts/copying/copy-text.ts`

/** What sends requests, beside the SDK. */
const SENDERS = new Set(['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'sendBeacon'])
const STORES = new Set(['localStorage', 'sessionStorage', 'indexedDB', 'cookie'])
/** Attributes whose text people read or hear. */
const READ_ATTRIBUTES = new Set([
  'label',
  'title',
  'placeholder',
  'alt',
  'description',
  'aria-label',
  'caption',
])

const HAS_LETTERS = /\p{L}/u
const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(/i

/**
 * Checks the files of the dashboard: requests go through the SDK, texts stand in one catalogue, and colours in the theme.
 *
 * @returns a sentence for each violation
 */
export function dashboardViolations(files: readonly SourceFile[]): string[] {
  const own = files.filter(({ path }) => path.startsWith(DASHBOARD) && !isTest(path))
  return own.flatMap((file) => [...ownRequests(file), ...textsInPlace(file), ...coloursIn(file)])
}

/** @param text the content of a style sheet */
export function styleViolations({ path, text }: { readonly path: string; readonly text: string }): string[] {
  if (!path.startsWith(DASHBOARD) || !path.endsWith('.css')) return []
  return coloursIn({ path, text })
}

function coloursIn({ path, text }: { readonly path: string; readonly text: string }): string[] {
  if (COLOURS.includes(path)) return []
  return text.split('\n').flatMap((line, index) => {
    const found = COLOUR.exec(line)
    return found === null
      ? []
      : [`${path}:${index + 1} has the colour ${found[0]}, which only the theme may.`]
  })
}

function ownRequests({ path, text, program }: SourceFile): string[] {
  const violations: string[] = []
  const at = (start: number): string => `${path}:${text.slice(0, start).split('\n').length}`
  new Visitor({
    Identifier({ name, start }) {
      if (SENDERS.has(name) && path !== SENDING)
        violations.push(`${at(start)} uses ${name}: requests go through the SDK.`)
      if (STORES.has(name) && path !== STORAGE) {
        violations.push(`${at(start)} uses ${name}: nothing of a person stays in the browser.`)
      }
      if ((name === 'clipboard' || name === 'useClipboard') && path !== COPYING) {
        violations.push(`${at(start)} uses ${name}: copy by parts/copying/copy-text.ts.`)
      }
      if (name === 'createClient' && path !== CLIENT) {
        violations.push(`${at(start)} makes a client of its own: import that of data/sallyport.ts.`)
      }
    },
  }).visit(program)
  return violations
}

function textsInPlace({ path, text, program }: SourceFile): string[] {
  if (path.startsWith(TEXTS)) return []
  const violations: string[] = []
  const refuse = (start: number, found: string): void => {
    const line = text.slice(0, start).split('\n').length
    violations.push(`${path}:${line} has the text "${found.trim()}", which belongs into texts/.`)
  }
  new Visitor({
    JSXText({ value, start }) {
      if (HAS_LETTERS.test(value)) refuse(start, value)
    },
    JSXAttribute({ name, value, start }) {
      const attribute = name.type === 'JSXIdentifier' ? name.name : ''
      if (READ_ATTRIBUTES.has(attribute) && value?.type === 'Literal' && HAS_LETTERS.test(value.value)) {
        refuse(start, value.value)
      }
    },
  }).visit(program)
  return violations
}
