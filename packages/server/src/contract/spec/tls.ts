import {
  PEM_CHARS_MAX,
  pemBlocks,
  tlsSecret,
  type UpstreamTarget,
  type UpstreamTlsSettings,
} from '@sallyport/core'
import { z } from 'zod'

const SERVER_NAME =
  /^(?=.{1,253}$)(?!.*\.\d+$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i

const certificates = z
  .string()
  .max(PEM_CHARS_MAX)
  .superRefine((text, check) => {
    if (tlsSecret(text) !== undefined) return
    const labels = pemBlocks(text).map(({ label }) => label)
    const isPem = labels.length > 0 && labels.every((label) => label === 'CERTIFICATE')
    if (isPem && !text.includes('{')) return
    // It could be a key, so nothing of it is repeated.
    const message = 'State certificates as PEM text, or a secret with them as {secrets.NAME}.'
    check.addIssue({ code: 'custom', message })
  })

const key = z
  .string()
  .refine(
    (text) => tlsSecret(text) !== undefined,
    'A private key is a secret: set it as one, and write {secrets.NAME}.',
  )

/** The field `tls` of `proxy` and `call`. */
export const upstreamTls = z
  .strictObject({
    ca: certificates
      .optional()
      .describe(
        'Certificates as PEM, or `{secrets.NAME}`: one of them must have issued that of the upstream. Default: those that Node.js trusts.',
      ),
    certificate: certificates
      .optional()
      .describe('The certificate that the upstream gets, and its chain, as PEM or `{secrets.NAME}`.'),
    key: key.optional().describe('The private key of the certificate: `{secrets.NAME}`.'),
    serverName: z
      .string()
      .regex(SERVER_NAME, 'A server name is a host name, and not an address.')
      .optional()
      .describe(
        "The name that the upstream's certificate must have. Default: the host of the URL or target.",
      ),
  })
  .superRefine((tls, check) => {
    const report = (path: string[], message: string): void => {
      check.addIssue({ code: 'custom', path, message })
    }
    if (Object.keys(tls).length === 0) report([], 'State a field, or remove "tls".')
    if (tls.certificate !== undefined && tls.key === undefined)
      report(['key'], 'A certificate needs its key.')
    if (tls.key !== undefined && tls.certificate === undefined) {
      report(['certificate'], 'A key needs its certificate.')
    }
  })
  .transform(
    ({ ca = null, certificate = null, key: secret = null, serverName = null }): UpstreamTlsSettings => ({
      ca,
      certificate,
      key: secret,
      serverName,
    }),
  )
  .describe('TLS of the connections to the upstream.')

/** Reports `tls` without TLS. */
export function checkTls(
  step: {
    readonly url: string
    readonly tls?: UpstreamTlsSettings | undefined
    readonly targets?: readonly UpstreamTarget[] | undefined
  },
  check: z.RefinementCtx,
): void {
  if (step.tls === undefined) return
  const isPlain = [step.url, ...(step.targets ?? []).map(({ origin }) => origin)].some((url) =>
    /^http:/i.test(url),
  )
  if (!isPlain) return
  const message = 'With "tls", the URL and every target must start with "https://".'
  check.addIssue({ code: 'custom', path: ['tls'], message })
}
