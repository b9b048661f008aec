import type { CreatePipelineInput } from '@sallyport/sdk'
import { type Document, isMap, isSeq } from 'yaml'
import { setAt, writeSpec } from './spec-text.ts'

type Step = CreatePipelineInput['spec']['steps'][number]
export type StepKind = keyof Step

/** A first form of each kind of step, which the server accepts. */
const TEMPLATES = {
  proxy: { url: 'https://upstream.example.com' },
  call: { url: 'https://upstream.example.com', method: 'GET' },
  transform: { body: 'body' },
  assert: { that: '$exists(body)', status: 422, code: 'body_missing', detail: 'Send a body.' },
  'credentials.verify': { username: 'body.username', password: 'body.password' },
  'jwt.generate': { subject: 'auth.consumer', expiresIn: '1h' },
  'jwt.decode': { token: 'body.token' },
  'oauth.token': {
    tokenUrl: 'https://id.example.com/oauth/token',
    clientId: 'sallyport',
    clientSecret: '{secrets.CLIENT_SECRET}',
  },
  respond: { status: 200 },
} as const satisfies { readonly [Kind in StepKind]: NonNullable<Step[Kind]> }

export const STEP_KINDS = Object.keys(TEMPLATES) as StepKind[]

const LAST_KINDS: readonly StepKind[] = ['proxy', 'respond']

export function isStepKind(name: string): name is StepKind {
  return Object.hasOwn(TEMPLATES, name)
}

/** A step as it stands in a list, from its name on. @param column how far the name is from the start of its line */
export function stepText(kind: StepKind, column: number): string {
  return writeSpec({ [kind]: TEMPLATES[kind] }).replaceAll('\n', `\n${' '.repeat(column)}`)
}

/** Adds a step: last, but before one that ends the pipeline. Returns its index. */
export function addStep(document: Document, kind: StepKind): number {
  const step = { [kind]: TEMPLATES[kind] }
  const steps = document.get('steps', true)
  if (!isSeq(steps)) {
    setAt(document, ['steps'], [step])
    return 0
  }
  // Each step has lines of its own, also after "steps: []".
  if (steps.items.length === 0) steps.flow = false
  const end = steps.items.findIndex((each) => isMap(each) && LAST_KINDS.some((last) => each.has(last)))
  const index = end === -1 || LAST_KINDS.includes(kind) ? steps.items.length : end
  steps.items.splice(index, 0, document.createNode(step))
  return index
}
