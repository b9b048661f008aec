import { hash } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { tlsSecret, type PathValues, type UpstreamTlsSettings } from '@sallyport/core'
import { readCertificates, readPrivateKey, type TlsMaterial } from '../../crypto/tls-material.ts'
import type { UpstreamTls } from '../../egress/upstream-tls.ts'
import type { ExpansionFailure } from './expansion-failure.ts'

/** The TLS of a step's upstream. */
export interface CompiledTls {
  readonly usesSecrets: boolean
  /**
   * The TLS with the secrets of an environment; the same object until one of them changes.
   *
   * @param organization whose connections they are
   * @returns a failure that names what cannot be used
   */
  readonly of: (secrets: PathValues, organization: string) => UpstreamTls | ExpansionFailure
}

const compiled = new WeakMap<UpstreamTlsSettings, CompiledTls>()

/** Compiles the TLS of a step, once. */
export function compileTls(settings: UpstreamTlsSettings): CompiledTls {
  let tls = compiled.get(settings)
  if (tls === undefined) {
    tls = compile(settings)
    compiled.set(settings, tls)
  }
  return tls
}

function compile(settings: UpstreamTlsSettings): CompiledTls {
  // Organizations can have equal secrets: none.
  const known = new WeakMap<PathValues, Map<string, UpstreamTls | ExpansionFailure>>()
  const { ca, certificate, key } = settings
  return {
    usesSecrets: [ca, certificate, key].some((field) => field !== null && tlsSecret(field) !== undefined),
    of(secrets, organization) {
      let byOrganization = known.get(secrets)
      if (byOrganization === undefined) {
        byOrganization = new Map()
        known.set(secrets, byOrganization)
      }
      let tls = byOrganization.get(organization)
      if (tls === undefined) {
        tls = makeTls(settings, secrets, organization)
        byOrganization.set(organization, tls)
      }
      return tls
    },
  }
}

/** A part of the settings that cannot be used. */
class Unusable extends Error {
  readonly part: string
  constructor(part: string, reason: string) {
    super(reason)
    this.part = part
  }
}

function makeTls(
  { ca, certificate, key, serverName }: UpstreamTlsSettings,
  secrets: PathValues,
  organization: string,
): UpstreamTls | ExpansionFailure {
  try {
    const authorities = valueOf('ca', ca, secrets, readCertificates)
    const own = valueOf('certificate', certificate, secrets, readCertificates)
    const privateKey = valueOf('key', key, secrets, readPrivateKey)
    if (own !== null && privateKey !== null && !own.parsed[0].checkPrivateKey(privateKey)) {
      throw new Unusable(nameOf('key', key), 'it is not the key of the first certificate')
    }
    const keyPem = privateKey?.export({ type: 'pkcs8', format: 'pem' }).toString()
    const parts = [organization, authorities?.pem, own?.pem, keyPem, serverName]
    const secureContext = createSecureContext({
      ...(authorities === null ? {} : { ca: authorities.pem }),
      ...(own === null ? {} : { cert: own.pem }),
      ...(keyPem === undefined ? {} : { key: keyPem }),
    })
    return {
      key: hash('sha256', JSON.stringify(parts.map((part) => part ?? null))),
      secureContext,
      serverName,
    }
  } catch (error) {
    if (error instanceof Unusable) {
      return { target: undefined, fault: 'secret', name: error.part, reason: error.message }
    }
    // OpenSSL refuses it, for example because the key is too short.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const name = nameOf('certificate', certificate ?? ca)
    return { target: undefined, fault: 'secret', name, reason: `TLS refuses it with ${code}` }
  }
}

/** @throws Unusable */
function valueOf<T>(
  field: string,
  text: string | null,
  secrets: PathValues,
  read: (text: string) => TlsMaterial<T>,
): T | null {
  if (text === null) return null
  const secret = tlsSecret(text)
  const value = secret === undefined ? text : secrets.get(secret)
  if (value === undefined) throw new Unusable(nameOf(field, text), 'it does not exist or cannot be decrypted')
  const material = read(value)
  if (material.problem !== undefined) throw new Unusable(nameOf(field, text), material.problem)
  return material.value
}

/** How the log names a field: by its secret, if it has one. */
function nameOf(field: string, text: string | null): string {
  return (text === null ? undefined : tlsSecret(text)) ?? `tls.${field}`
}
