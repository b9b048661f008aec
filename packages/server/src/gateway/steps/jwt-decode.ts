import { isJwtOwnerActive, type JwtDecodeStep, type JwtFact, type ProblemCode } from '@sallyport/core'
import { evaluate, valueOf } from './evaluate.ts'
import { known, type RunnableStep } from './step.ts'

const REFUSALS: Readonly<Record<Exclude<JwtFact['kind'], 'valid'>, ProblemCode>> = {
  missing: 'token_missing',
  ambiguous: 'token_invalid',
  invalid: 'token_invalid',
  expired: 'token_expired',
}

/**
 * Verifies a JWT that an expression takes from the message, as a caller's is verified, and puts its claims into the
 * body. It ends with the consumer or key that it was minted for, and with the key that logged in.
 */
export function compileJwtDecode(step: JwtDecodeStep, place: string): RunnableStep {
  const expressions = [{ place: `${place}/token`, text: step.token }]
  return {
    place,
    callsUpstream: false,
    seesMessage: true,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      const token = valueOf(evaluated.values[0]) ?? ''
      if (token === '') return known('token_missing')
      if (typeof token !== 'string') return known('token_invalid')
      const { tools, snapshot, environment } = run
      const nowMs = tools.nowMs()
      const fact = await tools.jwt.judge(environment, token, nowMs)
      if (fact.kind !== 'valid') return known(REFUSALS[fact.kind])
      if (!isJwtOwnerActive(snapshot, fact, nowMs)) return known('token_invalid')
      return { message: { ...message, body: JSON.stringify(fact.claims) } }
    },
  }
}
