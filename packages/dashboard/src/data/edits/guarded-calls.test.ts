import { expect, test } from 'vitest'
import document from '../../../../../openapi/openapi.json' with { type: 'json' }

/*
 * Every change of something that has an ETag passes on the options with it. The exceptions stand here, each with its reason.
 */

/** Files, with the operations that they call without an ETag. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  // Switches say the state that they lead to, so the last one holds and nothing else is undone.
  'pages/consumers/mutations.ts': ['updateConsumer', 'endPortalSession'],
  'pages/environments/mutations.ts': ['updateEnvironment', 'updateEnvironment'],
  'pages/keys/acceptances/mutations.ts': ['setKeyAcceptance', 'setOrganizationAcceptance'],
  'pages/keys/bulk/change-keys.tsx': ['updateKey'],
  'pages/keys/external/mutations.ts': ['updateExternalKey'],
  'pages/webhooks/mutations.ts': ['updateWebhook'],
  // Two switches, and a link that can only be withdrawn.
  'pages/keys/mutations.ts': ['updateKey', 'updateKey', 'withdrawHandOver'],
  // What can only end.
  'pages/keys/imports/mutations.ts': ['stopImport'],
  'pages/pipelines/data/mutations.ts': ['undeploy'],
  // Only tells what a change would do.
  'pages/policies/queries.ts': ['setPolicy'],
}

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string }[]
}

const CONDITIONAL: ReadonlySet<string> = new Set(
  Object.values(document.paths).flatMap((path) =>
    Object.entries(path as Readonly<Record<string, Operation>>)
      .filter(([method, { parameters = [] }]) => method !== 'get' && parameters.some(({ name }) => name.toLowerCase() === 'if-match'))
      .map(([, { operationId }]) => operationId),
  ),
)

const SOURCES = import.meta.glob<string>('../../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })

/** The calls of conditional operations in a file that pass on no options. */
function unguardedCalls(source: string): readonly string[] {
  const calls = source.matchAll(/sallyport\.(?<operation>\w+)\(/g)
  return [...calls].flatMap(({ index, groups, 0: head }) => {
    const operation = groups?.['operation'] ?? ''
    if (!CONDITIONAL.has(operation)) return []
    return /,\s*(?:options|\{ ifMatch: [^}]*\}),?\s*\)$/.test(callAt(source, index + head.length)) ? [] : [operation]
  })
}

/** The text from the first argument of a call to its closing parenthesis. */
function callAt(source: string, start: number): string {
  let depth = 1
  let end = start
  while (depth > 0 && end < source.length) {
    if (source[end] === '(') depth += 1
    if (source[end] === ')') depth -= 1
    end += 1
  }
  return source.slice(start, end)
}

test('operations that take an ETag are known from the document', () => {
  expect(CONDITIONAL.size).toBeGreaterThan(30)
  expect(CONDITIONAL).toContain('updateRole')
  expect(CONDITIONAL).not.toContain('withdrawInvitation')
})

test('a call without options is noticed', () => {
  expect(unguardedCalls('await sallyport.updateRole({ role: f() })')).toEqual(['updateRole'])
  expect(unguardedCalls('await sallyport.updateRole(input, {})')).toEqual(['updateRole'])
  expect(unguardedCalls('await sallyport.updateRole({ role: f() }, options)')).toEqual([])
  expect(unguardedCalls('await sallyport.updateRole(input, { ifMatch: etagOf(seen) })')).toEqual([])
})

test('every change passes on the ETag of what was seen, except those that are listed', () => {
  const found = Object.entries(SOURCES)
    .filter(([path]) => !path.endsWith('.test.ts'))
    .map(([path, source]) => [path.replace(/^(?:\.\.\/)+/, ''), unguardedCalls(source)] as const)
    .filter(([, calls]) => calls.length > 0)
  expect(Object.fromEntries(found.map(([path, calls]) => [path, calls.toSorted()]))).toEqual(
    Object.fromEntries(Object.entries(WITHOUT).map(([path, calls]) => [path, [...calls].toSorted()])),
  )
})
