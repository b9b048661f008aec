import { jsonPointer, tlsSecret, type PipelineSpec, type Violation } from '@sallyport/core'
import { readCertificates } from '../../crypto/tls-material.ts'

/** The problems of certificates in a version. Those in secrets are found by the first request. */
export function tlsViolations({ steps }: PipelineSpec, environment: string): Violation[] {
  return steps.flatMap((step, index) => {
    if ((step.kind !== 'proxy' && step.kind !== 'call') || step.tls === undefined) return []
    const { tls } = step
    return (['ca', 'certificate'] as const).flatMap((field) => {
      const text = tls[field]
      if (text === null || tlsSecret(text) !== undefined) return []
      const { problem } = readCertificates(text)
      if (problem === undefined) return []
      return {
        rule: 'certificate-invalid',
        environment,
        path: jsonPointer('steps', index, step.kind, 'tls', field),
        required: 'certificates as PEM text',
        found: `a text that cannot be used: ${problem}`,
        fix: 'State the certificates as PEM text, or set a secret with them and write {secrets.NAME}.',
      }
    })
  })
}
