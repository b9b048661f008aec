import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

/** A self-signed certificate with its private key, in PEM. */
export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000

/** An element in DER (X.690 section 8.1). */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const sequence = (...contents: readonly Buffer[]): Buffer => der(0x30, ...contents)
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value, 'latin1'))
const hex = (value: string): Buffer => Buffer.from(value, 'hex')
const utcTime = (ms: number): Buffer =>
  text(0x17, `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`)

/** ecdsa-with-SHA256 (RFC 5758 section 3.2), commonName and subjectAltName (RFC 5280 sections 4.1.2.4 and 4.2.1.6). */
const ECDSA_SHA256 = sequence(hex('06082a8648ce3d040302'))
const COMMON_NAME = hex('0603550403')
const ALTERNATIVE_NAME = hex('0603551d11')

/**
 * Creates a certificate (RFC 5280 section 4.1) that is valid now.
 *
 * @param host a host name or an IPv4 address
 */
export function testCertificate(host: string): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(der(0x31, sequence(COMMON_NAME, text(0x0c, host))))
  const alternative =
    isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : text(0x82, host)
  const certified = sequence(
    der(0xa0, hex('020102')),
    der(0x02, Buffer.concat([hex('01'), randomBytes(15)])),
    ECDSA_SHA256,
    name,
    sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + DAY_MS)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(sequence(ALTERNATIVE_NAME, der(0x04, sequence(alternative))))),
  )
  const signature = der(0x03, hex('00'), sign('sha256', certified, privateKey))
  const bytes = sequence(certified, ECDSA_SHA256, signature)
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
  }
}
