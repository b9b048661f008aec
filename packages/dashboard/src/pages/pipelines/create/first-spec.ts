import type { CreatePipelineInput } from '@sallyport/sdk'
import { hasExactNumbers } from '../spec/exact-number.ts'
import type { Credential } from '../spec/trigger-facts.ts'

type Spec = CreatePipelineInput['spec']
type Exposing = Exclude<Spec['trigger'], { readonly kind: 'schedule' }>
export type Method = NonNullable<Exposing['methods']>[number]

/** What the form for a new pipeline asks. */
export interface FirstSpec {
  /** Empty for the default. */
  readonly path: string
  /** Empty for the default. */
  readonly methods: readonly Method[]
  readonly required: Readonly<Record<Credential, boolean>>
  readonly step: 'proxy' | 'respond'
  readonly url: string
  readonly body: string
}

/** The spec of version 1.0. What has its default is left out. */
export function firstSpec({ path, methods, required, step, url, body }: FirstSpec): Spec {
  const on = Object.entries(required).filter(([, isOn]) => isOn)
  return {
    trigger: {
      kind: 'http',
      ...(path !== '' && { path }),
      ...(methods.length > 0 && { methods }),
      ...(on.length > 0 && { authentication: Object.fromEntries(on) }),
    },
    steps: [step === 'proxy' ? { proxy: { url } } : { respond: { status: 200, body: valueOf(body) } }],
  }
}

/** Whether an answer keeps its digits: JSON with a longer number would change without a word. */
export function keepsDigits(body: string): boolean {
  return typeof valueOf(body) === 'string' || hasExactNumbers(body)
}

/** JSON as its value, anything else as text. */
function valueOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}
