import { createHash } from 'node:crypto'
import { containsToken, Problem } from '@sallyport/core'
import { GITHUB_ACTOR } from '../../../app/access/actor.ts'
import { type ListedLeak, listLeaks } from '../../../app/leaks/reading.ts'
import { reportLeaks } from '../../../app/leaks/report-leaks.ts'
import { gitHubFeedback, gitHubReport, leak, leakFilter } from '../../../contract/keys/leaks.ts'
import { GitHubSignatures } from '../../../crypto/github-signature.ts'
import { redactTokens } from '../../../telemetry/redact-tokens.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import type { FailedCredentials } from '../../routing/failed-attempts.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'

/** The most findings of one transaction, which keeps other writers waiting. */
const FINDINGS_AT_ONCE = 100
const NOT_CONFIGURED =
  'This server takes no reports of GitHub. The operator has to set SALLYPORT_GITHUB_KEYS to the list of the keys that GitHub signs with.'
const NOT_SIGNED =
  'The report is not signed by a key that this server knows. If GitHub has a new key, the operator has to set SALLYPORT_GITHUB_KEYS again.'

export function leakRoutes(api: ControlApi): void {
  resourceRoutes(api, 'Leaks').list(
    {
      path: '/v1/organizations/:organization/leaks',
      operationId: 'listLeaks',
      summary: 'List where secrets were found in public',
      query: leakFilter,
      item: leak,
    },
    listLeaks,
    leakAnswer,
  )
}

function leakAnswer(listed: ListedLeak) {
  const { id, key, keyName, hint, environment, source, url, live, stillLive, switchedOff } = listed
  return {
    id,
    key,
    keyName,
    hint,
    environment,
    source,
    url: url === '' ? null : url,
    live,
    stillLive,
    switchedOff,
    createdAt: timestampAnswer(listed.createdAtMs),
  }
}

/**
 * Takes the reports of GitHub's secret scanning partner program and answers with its feedback. Their signature is the
 * credential, so the app must keep the bytes of bodies. GitHub defines the protocol, so it is not part of our API document.
 */
export function gitHubReportRoute({ app, operations, deps }: ControlApi, failures: FailedCredentials): void {
  const signatures = new GitHubSignatures(deps.gitHubKeys)
  app.post(
    '/v1/leaks/github',
    {
      schema: { hide: true, body: gitHubReport, response: { 200: gitHubFeedback } },
      async preValidation(request) {
        if (!signatures.isConfigured) throw new Problem('not_found', { detail: NOT_CONFIGURED })
        const { 'github-public-key-identifier': keyId, 'github-public-key-signature': signature } =
          request.headers
        const body = request.bodyBytes ?? Buffer.alloc(0)
        if (signatures.isValid(body, oneOf(keyId), oneOf(signature))) return
        await failures.count(request)
        throw new Problem('unauthenticated', { detail: NOT_SIGNED })
      },
    },
    async (request) => {
      request.actor = GITHUB_ACTOR
      const context = { ...operations.contextOf(request), findToken: deps.findToken }
      // Some addresses have the text that was found.
      const findings = request.body.map(({ token, url }) => ({ token, url: addressWithoutToken(url) }))
      const areSecrets: boolean[] = []
      for (let start = 0; start < findings.length; start += FINDINGS_AT_ONCE) {
        const some = findings.slice(start, start + FINDINGS_AT_ONCE)
        areSecrets.push(...(await reportLeaks(context, { source: 'github', findings: some })))
      }
      return request.body.map(({ token, type }, index) => ({
        token_hash: createHash('sha256').update(token).digest('base64'),
        token_type: type,
        label: areSecrets[index] === true ? ('true_positive' as const) : ('false_positive' as const),
      }))
    },
  )
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined
}

/** An address without the tokens in it, percent-encoded ones too. */
function addressWithoutToken(url: string): string {
  try {
    const decoded = decodeURIComponent(url)
    // The id of the token stays readable.
    return redactTokens(containsToken(decoded) ? decoded : url)
  } catch {
    return redactTokens(url)
  }
}
