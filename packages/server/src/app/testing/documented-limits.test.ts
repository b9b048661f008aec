import { readdirSync, readFileSync } from 'node:fs'
import {
  ACCEPTANCE_RULES_PER_KEY_MAX,
  AUDIENCES_PER_ISSUER_MAX,
  CLAIMS_MAX,
  EXPRESSION_CHARS_MAX,
  EXTERNAL_KEYS_PER_ORGANIZATION_MAX,
  GRACE_SECONDS_DEFAULT,
  GRACE_SECONDS_MAX,
  HAND_OVER_HOURS_MAX,
  HEALTH_INTERVAL_MS_MAX,
  HEALTH_INTERVAL_MS_MIN,
  HAND_OVERS_PER_ORGANIZATION_MAX,
  PIPELINES_PER_CONSUMER_MAX,
  PORTAL_SECONDS_DEFAULT,
  PORTAL_SECONDS_MAX,
  PORTAL_SECONDS_MIN,
  PORTAL_SESSIONS_PER_CONSUMER_MAX,
  PROJECTS_PER_CONSUMER_MAX,
  INVITATION_MS_MAX,
  INVITATIONS_PER_ORGANIZATION_MAX,
  ISSUER_KEYS_MAX,
  MEMBERS_PER_ORGANIZATION_MAX,
  ORGANIZATIONS_FOUNDED_DEFAULT,
  ORGANIZATIONS_PER_PERSON_MAX,
  OVERLAP_SECONDS_MAX,
  PASSWORD_CHARS_MAX,
  PASSWORD_CHARS_MIN,
  PASSKEYS_PER_PERSON_MAX,
  PERMISSIONS_PER_ROLE_MAX,
  QUOTA_LIMITS_DEFAULT,
  QUOTAS,
  RATE_LIMITS_MAX,
  REQUEST_BYTES_DEFAULT,
  REQUEST_BYTES_FILE_DEFAULT,
  REQUEST_BYTES_MAX,
  ROLES_PER_ORGANIZATION_MAX,
  ROUTE_PATH_CHARS_MAX,
  SECRET_NAME_CHARS_MAX,
  SECRET_VALUE_CHARS_MAX,
  SESSION_MS_MAX,
  TARGETS_MAX,
  TIMEOUT_MS_DEFAULT,
  TIMEOUT_MS_MAX,
  TOKEN_SECONDS_MAX,
  URL_TEMPLATE_CHARS_MAX,
  USERNAME_CHARS_MAX,
  WINDOW_MS,
  PREFLIGHT_SECONDS_DEFAULT,
  PREFLIGHT_SECONDS_MAX,
} from '@sallyport/core'
import { RETURN_URL_CHARS_MAX } from '../../contract/portal/return-url.ts'
import { describe, expect, test } from 'vitest'
import { WAIT_SECONDS_DEFAULT } from '../../contract/receipt.ts'
import { TOKEN_CHARS_MAX } from '../../crypto/compact-jws.ts'
import { CLOCK_SKEW_MS } from '../../crypto/jwt-claims.ts'
import { TARGET_CHARS_MAX } from '../../gateway/request/request-target.ts'
import { CEREMONY_MS_MAX } from '../passkeys/ceremony.ts'
import { SPEC_BYTES_MAX } from '../pipelines/versions.ts'

const SOURCE = new URL('../../', import.meta.url)
const DAY_SECONDS = 86_400
const MINUTE_MS = 60_000

/**
 * A limit that its module does not export, read from the sources of a folder.
 *
 * @param name the name of the constant or member, or a pattern whose only group is its value
 */
function limit(folder: string, name: string | RegExp): number {
  const pattern = typeof name === 'string' ? new RegExp(`\\b${name}(?: =|:) ([\\d_*. ]*\\d)`, 'g') : name
  const files = readdirSync(new URL(`${folder}/`, SOURCE), { recursive: true, encoding: 'utf8' })
  const values = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(new URL(`${folder}/${file}`, SOURCE), 'utf8').matchAll(pattern)])
    .map(([, value = '']) => value.replaceAll('_', '').split('*').map(Number))
    .map((factors) => factors.reduce((product, factor) => product * factor, 1))
  expect(values, `${folder}: ${String(name)}`).toHaveLength(1)
  return values[0] ?? Number.NaN
}

function textOf(document: string): string {
  return readFileSync(new URL(`../../../${document}`, SOURCE), 'utf8').replaceAll(/\s+/g, ' ')
}

const expressionsCharsMax = (): number => limit('app/gate', 'EXPRESSIONS_CHARS_MAX')
const countersMax = (): string => limit('gateway', 'COUNTERS_MAX').toLocaleString('en')

const ACCESS: readonly (string | (() => string))[] = [
  `by default ${WAIT_SECONDS_DEFAULT}`,
  `works for ${GRACE_SECONDS_DEFAULT / 3600} more hours`,
  `from 0 to ${GRACE_SECONDS_MAX / DAY_SECONDS} days`,
  `1 to ${USERNAME_CHARS_MAX} visible ASCII characters`,
  `at most ${OVERLAP_SECONDS_MAX / DAY_SECONDS} days`,
  () => `plus ${limit('app/signing-keys', 'DISTRIBUTION_SECONDS') / 60} minutes`,
  () => `may cache them for ${limit('gateway/entrance', 'CACHE_SECONDS')} seconds`,
  `a list of up to ${AUDIENCES_PER_ISSUER_MAX}`,
  `1 to ${ISSUER_KEYS_MAX} public keys`,
  () => `again after ${limit('gateway/credentials', 'FRESH_MS') / MINUTE_MS} minutes`,
  () => `at most every ${limit('gateway/credentials', 'UNKNOWN_KEY_MS') / 1000} seconds`,
  `| clock tolerance | ${CLOCK_SKEW_MS / 1000} seconds |`,
  `| length | at most ${TOKEN_CHARS_MAX} characters |`,
  `1 to ${SECRET_NAME_CHARS_MAX} of \`A-Z\``,
  `1 to ${SECRET_VALUE_CHARS_MAX} visible ASCII characters`,
  `\`month\` (${WINDOW_MS.month / (DAY_SECONDS * 1000)} days)`,
  `| a trigger | at most ${RATE_LIMITS_MAX}, one for each combination of \`per\` and \`by\` |`,
  () => `${countersMax()} counters each for credentials`,
  () => `at most ${expressionsCharsMax()} characters`,
  () => `consider at most ${limit('store/sql/live', 'SHARING_MAX')} live deployments`,
  () => `the newest ${limit('store/sql', 'ENDED_DEPLOYMENTS_KEPT')} of each pipeline, major and environment`,
  `at most ${EXTERNAL_KEYS_PER_ORGANIZATION_MAX} external keys, and a key has rules for at most ${ACCEPTANCE_RULES_PER_KEY_MAX} single organizations`,
  `at most ${ROLES_PER_ORGANIZATION_MAX} custom roles, each with 1 to ${PERMISSIONS_PER_ROLE_MAX} permissions`,
  ...QUOTAS.map(
    (quota) => new RegExp(`\\| \`${quota}\` \\| [^|]+ \\| ${QUOTA_LIMITS_DEFAULT[quota]} \\|`),
  ).map((row) => () => row.exec(textOf('docs/access.md'))?.[0] ?? String(row)),
]

const PIPELINES: readonly (string | (() => string))[] = [
  `at most ${SPEC_BYTES_MAX} bytes`,
  () => `1 to ${limit('contract/spec', 'STEPS_MAX')} steps`,
  () => `A YAML body has at most ${limit('control', 'YAML_BYTES_MAX')} characters`,
  () => `and ${limit('control', 'YAML_LEXEMES_MAX')} names, values, marks and line breaks`,
  () => `up to ${limit('contract/spec', 'ROUTES_MAX')} more routes`,
  () => `up to ${limit('contract/spec', 'TRIGGER_HOSTS_MAX')} hosts`,
  () => `at most ${limit('contract/spec', 'HOST_ROUTES_MAX')} routes: its paths`,
  `| ${REQUEST_BYTES_DEFAULT} |`,
  `The default is ${REQUEST_BYTES_FILE_DEFAULT} for \`http-file\`, which is also the maximum`,
  `| ${TIMEOUT_MS_DEFAULT} |`,
  `1 to ${TIMEOUT_MS_MAX}`,
  `up to ${RATE_LIMITS_MAX} limits \`{requests, per, by}\``,
  `have at most ${ROUTE_PATH_CHARS_MAX} characters`,
  `Path and query together have at most ${TARGET_CHARS_MAX} characters`,
  `seconds: 0 to ${PREFLIGHT_SECONDS_MAX}, ${PREFLIGHT_SECONDS_DEFAULT} unless given`,
  () => `at most ${limit('contract/spec', 'HEADERS_MAX')} headers`,
  `at most ${URL_TEMPLATE_CHARS_MAX} characters`,
  () => `whatever \`requestBytes\` | ${limit('gateway/runs', 'BODY_MAX')} bytes |`,
  () => `per gateway | ${limit('gateway/runs', 'RUNS_MAX')}, shared fairly |`,
  () => `per gateway | ${limit('gateway/runs', 'CONTENT_BYTES_MAX')} bytes, shared fairly |`,
  () => `A response over ${limit('gateway/steps', 'RESPONSE_BYTES_MAX')} bytes`,
  `up to ${CLAIMS_MAX} names`,
  `1 second to ${TOKEN_SECONDS_MAX / DAY_SECONDS} days`,
  `A token has at most ${TOKEN_CHARS_MAX} characters`,
  () => `at most ${EXPRESSION_CHARS_MAX} characters each and ${expressionsCharsMax()} together`,
  () => `A gateway checks at most ${limit('gateway/balance', 'CHECKED_TARGETS_MAX')} targets`,
  `of a target, in ms: ${HEALTH_INTERVAL_MS_MIN} to ${HEALTH_INTERVAL_MS_MAX}`,
  `At most ${TARGETS_MAX} targets can be listed`,
  () => `| ${limit('expression', 'evaluationMs')} ms |`,
  () => `per gateway | ${limit('egress', 'CONNECTIONS_PER_ORIGIN_MAX')}, shared fairly |`,
  () => `wait for one of them | ${limit('egress', 'WAITING_PER_ORIGIN_MAX')}, in turns |`,
  () => `upstreams at a time, per gateway | ${limit('egress', 'ORIGINS_MAX')}, shared fairly |`,
  () => `WebSockets, per gateway | ${limit('egress', 'EXCHANGES_MAX')}, shared fairly |`,
  () => `on Linux ${limit('expression', 'residentMiBMax')} MiB`,
  () => `${limit('expression', 'MESSAGE_CHARS_MAX')} characters each`,
  () => `within ${limit('schedule', 'LATE_MS_MAX') / 1000} seconds of its due time`,
  () => `runs ${limit('schedule', 'RUNS_MAX')} schedules at a time, shared fairly`,
  () => `the runs of the last ${limit('sync', /RUNS_KEPT_MS = (\d+) \* 24 \* HOUR_MS/g)} days`,
]

describe.each([
  ['docs/access.md', ACCESS],
  ['docs/pipelines.md', PIPELINES],
  ['docs/errors.md', [() => `at most ${limit('control', 'HEADER_BYTES_MAX') / 1024} KiB`]],
  [
    'docs/operations.md',
    [
      () => `at most ${limit('control', 'CONNECTIONS_MAX')} connections at a time`,
      () => `gateway at most ${limit('gateway/entrance', 'CONNECTIONS_MAX')}`,
      () => `closed after ${limit('connections', 'REFUSED_MS_MAX') / 1000} seconds`,
    ],
  ],
  [
    'docs/webhooks.md',
    [
      () => `newest ${limit('webhooks', 'ATTEMPTS_KEPT_MAX')} attempts`,
      () => `The newest ${limit('store/processes', 'DELIVERIES_KEPT_MAX')} deliveries are kept`,
      () => `${limit('sync', /DELIVERIES_KEPT_MS = (\d+) \* 24 \* HOUR_MS/g)} days after their end`,
      () => `at most ${limit('webhooks', 'ATTEMPTS_PER_WEBHOOK_MAX')} attempts at a time`,
      () => `Answer within ${limit('webhooks', 'ATTEMPT_MS_MAX') / 1000} seconds`,
      () => `found every ${limit('composition', 'DEADLINES_MS') / 1000} seconds`,
      `For ${GRACE_SECONDS_DEFAULT / 3600} hours, or for \`graceSeconds\` from 0 to ${GRACE_SECONDS_MAX / DAY_SECONDS} days`,
    ],
  ],
  ['README.md', [`both work for ${GRACE_SECONDS_DEFAULT / 3600} hours`]],
] as const)('%s states the limits of the code', (document, figures) => {
  const text = textOf(document)

  test.each(figures.map((figure) => [typeof figure === 'string' ? figure : figure()]))('%s', (figure) => {
    expect(text).toContain(figure)
  })
})

/** The constants of `app/` that limit how many resources one owner has, such as `KEYS_PER_CONSUMER_MAX`. */
function ownerLimits(): readonly (readonly [resources: string, owner: string, value: number])[] {
  const files = readdirSync(new URL('app/', SOURCE), { recursive: true, encoding: 'utf8' })
  const sources = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(`app/${file}`, SOURCE), 'utf8'))
  const words = (name: string): string => name.toLowerCase().replaceAll('_', ' ')
  return sources.flatMap((source) =>
    [...source.matchAll(/^(?:export )?const ([A-Z_]+)_PER_([A-Z]+)_MAX = ([\d_]+)$/gm)].map(
      ([, resources = '', owner = '', value = '']) =>
        [words(resources), words(owner), Number(value.replaceAll('_', ''))] as const,
    ),
  )
}

test('the documents state how many of each resource an owner has at most', () => {
  const limits = ownerLimits()
  expect(limits.length).toBeGreaterThanOrEqual(6)
  for (const [resources, owner, value] of limits) {
    expect(`${textOf('docs/access.md')} ${textOf('docs/people.md')}`.toLowerCase()).toMatch(
      new RegExp(`an? ${owner} has at most ${value} (?:[a-z]+ )?${resources}\\b`),
    )
  }
})

test('docs/access.md states how much a consumer is associated with at most', () => {
  expect(textOf('docs/access.md')).toContain(
    `at most ${PIPELINES_PER_CONSUMER_MAX} pipelines of its own and at most ${PROJECTS_PER_CONSUMER_MAX} projects`,
  )
})

test('docs/people.md states the limits of people', () => {
  const people = textOf('docs/people.md')
  for (const sentence of [
    `at most ${MEMBERS_PER_ORGANIZATION_MAX} members, and a person is a member of at most ${ORGANIZATIONS_PER_PERSON_MAX} organizations`,
    `at most ${INVITATIONS_PER_ORGANIZATION_MAX} open invitations`,
    `One person can create ${ORGANIZATIONS_FOUNDED_DEFAULT} in all`,
    `${limit('sync', /\bKEPT_MS = (\d+) \* DAY_MS/g)} days later it is deleted`,
    `at most ${PASSKEYS_PER_PERSON_MAX} passkeys`,
    `A ticket works once and for ${CEREMONY_MS_MAX / MINUTE_MS} minutes`,
    `opens once, within ${INVITATION_MS_MAX / DAY_SECONDS / 1000} days`,
    `${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters`,
    `${SESSION_MS_MAX / DAY_SECONDS / 1000} days after the sign-in`,
  ]) {
    expect(people).toContain(sentence)
  }
})

test('docs/hand-over.md states the limits of hand-over links', () => {
  const page = textOf('docs/hand-over.md')
  for (const sentence of [
    `for 1 to ${HAND_OVER_HOURS_MAX} hours`,
    `at most ${HAND_OVERS_PER_ORGANIZATION_MAX} pending hand-overs`,
    `the newest ${limit('app/hand-overs', 'ENDED_KEPT')}`,
    `${limit('control/sessions', /\bADDRESS_FAILURES: RequestLimit = \{ requests: (\d+), per: 'minute' \}/g)} wrong attempts a minute`,
  ]) {
    expect(page).toContain(sentence)
  }
})

test('docs/portal.md states the limits of portal sessions', () => {
  const page = textOf('docs/portal.md')
  for (const sentence of [
    `at most ${PORTAL_SESSIONS_PER_CONSUMER_MAX} portal sessions at a time`,
    `${PORTAL_SECONDS_MIN} to ${PORTAL_SECONDS_MAX.toLocaleString('en')} seconds from now; ${PORTAL_SECONDS_DEFAULT.toLocaleString('en')} if left out`,
    `Up to ${RETURN_URL_CHARS_MAX} characters`,
    `until ${limit('sync', /\bPORTAL_SESSION_KEPT_MS = (\d+) \* DAY_MS/g)} days after its expiry`,
    `tries ${limit('control/sessions', /\bADDRESS_FAILURES: RequestLimit = \{ requests: (\d+), per: 'minute' \}/g)} wrong links a minute`,
  ]) {
    expect(page).toContain(sentence)
  }
})

test('the largest request body is the default of http-file', () => {
  expect(REQUEST_BYTES_FILE_DEFAULT).toBe(REQUEST_BYTES_MAX)
})

test('docs/access.md states how long a gateway caches a password', () => {
  const right = limit('gateway/credentials', /\bVALID_CACHE = \{[^}]*ttlMs: ([\d* ]+\d)/g)
  const wrong = limit('gateway/credentials', /INVALID_CACHE = \{[^}]*ttlMs: ([\d* ]+\d)/g)
  expect([right / MINUTE_MS, wrong / MINUTE_MS]).toEqual([60, 1])
  expect(textOf('docs/access.md')).toContain('a correct password for an hour and a wrong one for a minute')
})
