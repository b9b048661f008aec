import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Place } from '../finds/place.ts'
import { placeText } from './place-text.ts'
import { printable, withoutTokens } from './printable.ts'
import type { Report, ReportedFind } from './report.ts'

const RULES = {
  secret: {
    id: 'sallyport-secret-key',
    name: 'SallyportSecretKey',
    shortDescription: { text: 'The token of a secret Sallyport key' },
    help: {
      text: 'Roll or delete the key, then remove the token. A token in a history stays readable there.',
    },
    defaultConfiguration: { level: 'error' },
  },
  public: {
    id: 'sallyport-public-key',
    name: 'SallyportPublicKey',
    shortDescription: { text: 'The token of a public Sallyport key' },
    help: { text: 'Public keys may be published. Check that this one is meant to be here.' },
    defaultConfiguration: { level: 'note' },
  },
} as const

/** The report as SARIF 2.1.0, for code scanning. Each place is a result. */
export function sarifReport({ finds, problems }: Report): string {
  const run = {
    tool: { driver: { name: 'sallyport-scan', rules: Object.values(RULES) } },
    columnKind: 'unicodeCodePoints',
    invocations: [
      {
        executionSuccessful: problems.length === 0,
        toolExecutionNotifications: problems.map((problem) => ({
          level: 'error',
          message: { text: withoutTokens(problem) },
        })),
      },
    ],
    results: finds.flatMap((find) => find.places.map((place) => resultOf(find, place))),
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function resultOf({ type, keyId, hint, liveness }: ReportedFind, place: Place): object {
  const { id, defaultConfiguration } = RULES[type]
  const state = liveness === undefined ? '' : `, ${liveness}`
  return {
    ruleId: id,
    ruleIndex: Object.keys(RULES).indexOf(type),
    level: defaultConfiguration.level,
    message: { text: `Token of the ${type} key ${keyId}${state}: ${hint} at ${printable(placeText(place))}` },
    locations: [locationOf(place)],
    // Lines move while the token stays.
    partialFingerprints: { 'sallyportToken/v1': fingerprintOf(hint, place) },
    properties: { keyId, ...(liveness === undefined ? {} : { liveness }), ...propertiesOf(place) },
  }
}

function locationOf(place: Place): object {
  if (!('path' in place)) {
    const name = place.kind === 'commit' ? place.commit : place.object
    return { logicalLocations: [{ name, kind: place.kind, fullyQualifiedName: `${place.kind} ${name}` }] }
  }
  const artifactLocation = { uri: uriOf(place.path) }
  if (!('line' in place)) return { physicalLocation: { artifactLocation } }
  const { line, column } = place
  return { physicalLocation: { artifactLocation, region: { startLine: line, startColumn: column } } }
}

function uriOf(path: string): string {
  const shown = withoutTokens(path)
  if (isAbsolute(shown)) return pathToFileURL(shown).href
  return shown.split('/').map(encodeURIComponent).join('/')
}

function fingerprintOf(hint: string, place: Place): string {
  const where = 'path' in place ? place.path : place.repository
  return `${hint} ${place.kind} ${withoutTokens(where)}`
}

function propertiesOf(place: Place): object {
  return 'commit' in place ? { commit: place.commit, authoredAt: place.authoredAt } : {}
}
