import {
  BALANCE_DEFAULT,
  CONNECT_TIMEOUT_MS_MAX,
  EJECTION_MS_MAX,
  FAILURES_MAX,
  IDEMPOTENT_METHODS,
  parseUrlTemplate,
  RETRIES_MAX,
  TARGET_WEIGHT_MAX,
  TARGETS_MAX,
  templateOrigin,
  TIMEOUT_MS_MAX,
  URL_TEMPLATE_CHARS_MAX,
  type Balance,
  type UpstreamOptions,
  type UpstreamTarget,
  type UpstreamTlsSettings,
} from '@sallyport/core'
import { z } from 'zod'
import { consumerName } from '../fields/names.ts'
import { headerFields } from './header-fields.ts'
import { healthCheck } from './health-check.ts'
import { checkTls, upstreamTls } from './tls.ts'

const CONSUMERS_MAX = 100

const origin = z
  .string()
  .max(URL_TEMPLATE_CHARS_MAX)
  .superRefine((text, check) => {
    const message = originProblem(text)
    if (message !== undefined) check.addIssue({ code: 'custom', message })
  })

function originProblem(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#]+$/.test(text))
    return 'A target is an origin without a path, such as https://a.example.com:8443.'
  return parseUrlTemplate(text).problems[0]
}

const target = z
  .strictObject({
    origin: origin.describe(
      'Scheme, host and port of the server; path and query are those of the URL. `{vars.NAME}` stands for a variable.',
    ),
    weight: z
      .int()
      .min(1)
      .max(TARGET_WEIGHT_MAX)
      .default(1)
      .describe('Its share of the requests, relative to the weights of the others.'),
    when: z
      .strictObject({
        headers: headerFields
          .default({})
          .describe('Headers that the request must have, with these exact values.'),
        consumers: z
          .array(consumerName)
          .max(CONSUMERS_MAX)
          .default([])
          .describe('The consumers whose requests it gets; empty for any caller.'),
      })
      .refine(
        ({ headers, consumers }) => Object.keys(headers).length > 0 || consumers.length > 0,
        'State a header or a consumer, or leave out the condition.',
      )
      .optional()
      .describe('Which requests it gets, before all other targets: those that meet every condition.'),
    backup: z
      .boolean()
      .default(false)
      .describe('Whether it gets requests only while no other target is available.'),
  })
  .transform(({ backup, when = null, ...rest }): UpstreamTarget => ({ ...rest, when, isBackup: backup }))

const balance = z
  .strictObject({
    by: z
      .enum(['request', 'caller'])
      .default(BALANCE_DEFAULT.by)
      .describe('Whether each request is shared out by itself, or a caller stays at one target.'),
    retries: z
      .int()
      .min(0)
      .max(RETRIES_MAX)
      .default(BALANCE_DEFAULT.retries)
      .describe('How many further targets a failed request may be sent to.'),
    retryMethods: z
      .array(z.enum(IDEMPOTENT_METHODS))
      .default(['GET', 'HEAD', 'OPTIONS'])
      .describe(
        'The methods whose requests may be sent again although a target may have received them. Other requests are sent again only if nothing of them was sent.',
      ),
    failures: z
      .int()
      .min(1)
      .max(FAILURES_MAX)
      .default(BALANCE_DEFAULT.failures)
      .describe('How many failures in a row eject a target.'),
    ejectionMs: z
      .int()
      .min(1)
      .max(EJECTION_MS_MAX)
      .default(BALANCE_DEFAULT.ejectionMs)
      .describe('How long its first ejection takes, in milliseconds; each further one takes twice as long.'),
    health: healthCheck.optional(),
  })
  .transform(({ health, ...rest }): Balance => ({ ...rest, ...(health === undefined ? {} : { health }) }))
  .describe('How requests are shared among the targets, and when they are sent again.')

const ownTimeout = (what: string, max = TIMEOUT_MS_MAX) => z.int().min(1).max(max).optional().describe(what)

/** The fields of `proxy` and `call` about targets, time limits and TLS. */
export const targetFields = {
  connectTimeoutMs: ownTimeout(
    'The time for a connection to an upstream, in milliseconds.',
    CONNECT_TIMEOUT_MS_MAX,
  ),
  firstByteTimeoutMs: ownTimeout(
    'The time from the sent request to the first byte of the response, in milliseconds.',
  ),
  targets: z
    .array(target)
    .min(1)
    .max(TARGETS_MAX)
    .optional()
    .describe('The servers that can answer, that of the URL included. Default: that of the URL alone.'),
  balance: balance.optional(),
  tls: upstreamTls.optional(),
}

interface TargetFields {
  readonly url: string
  readonly connectTimeoutMs?: number | undefined
  readonly firstByteTimeoutMs?: number | undefined
  readonly targets?: readonly UpstreamTarget[] | undefined
  readonly balance?: Balance | undefined
  readonly tls?: UpstreamTlsSettings | undefined
}

/** Reports what the fields cannot mean together. */
export function checkTargets(step: TargetFields, check: z.RefinementCtx): void {
  checkTls(step, check)
  const { url, targets, balance: rules } = step
  const report = (path: (string | number)[], message: string): void => {
    check.addIssue({ code: 'custom', path, message })
  }
  if (targets === undefined) {
    if (rules !== undefined) report(['balance'], 'List the targets, or remove "balance".')
    return
  }
  const origins = targets.map((one) => templateOrigin(one.origin))
  for (const [index, one] of origins.entries()) {
    if (origins.indexOf(one) < index) report(['targets', index, 'origin'], 'This target is listed twice.')
  }
  const own = templateOrigin(url)
  if (own !== '' && !origins.includes(own)) {
    report(['targets'], `List ${own}, the origin of the URL, too: only targets get requests.`)
  }
  if (targets.every(({ when, isBackup }) => when !== null || isBackup)) {
    report(['targets'], 'At least one target must be for all requests: without "when" and "backup".')
  }
}

/** The fields that are set, as a step keeps them. */
export function upstreamOptions({
  connectTimeoutMs,
  firstByteTimeoutMs,
  targets,
  balance: rules,
  tls,
}: TargetFields): UpstreamOptions {
  return {
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(firstByteTimeoutMs === undefined ? {} : { firstByteTimeoutMs }),
    ...(targets === undefined ? {} : { targets, balance: rules ?? BALANCE_DEFAULT }),
    ...(tls === undefined ? {} : { tls }),
  }
}
