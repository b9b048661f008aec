import { isSecretName } from '../templates/environment-secret.ts'

/** The TLS of connections to an upstream. A PEM text is in the spec, or is a secret: `{secrets.NAME}` alone. */
export interface UpstreamTlsSettings {
  /** Certificates of which one must have issued the upstream's; null for those that Node.js trusts. */
  readonly ca: string | null
  /** The certificate with which the gateway identifies itself, and those between it and its authority. */
  readonly certificate: string | null
  /** The private key of the certificate, always a secret. */
  readonly key: string | null
  /** The name that the upstream's certificate must have, and that it is told; null for the host of the URL. */
  readonly serverName: string | null
}

const SECRET = /^\{secrets\.([^{}]*)\}$/

/** The name of the secret that a field refers to; undefined if it holds a text itself. */
export function tlsSecret(field: string): string | undefined {
  const name = SECRET.exec(field.trim())?.[1]
  return name !== undefined && isSecretName(name) ? name : undefined
}

/** The fields that can refer to secrets. */
export const TLS_MATERIAL = ['ca', 'certificate', 'key'] as const
