import { jwtRefusal, type JwtDecodeStep, type JwtFact, type ProblemCode } from '@sallyport/core'
import { evaluate, valueOf } from './evaluate.ts'
import { stepProblem, type RunnableStep } from './step.ts'

const REFUSALS: Readonly<Record<Exclude<JwtFact['kind'], 'valid'>, ProblemCode>> = {
  missing: 'token_missing',
  ambiguous: 'token_invalid',
  invalid: 'token_invalid',
  expired: 'token_expired',
}

/**
 * Verifies a JWT that an expression reads from the message, by the same rules as a caller's JWT, and puts its claims into
 * the body. The token is invalid once its consumer or key, or its login key, is no longer active.
 */
export function compileJwtDecode(step: JwtDecodeStep, pointer: string): RunnableStep {
  const expressions = [{ pointer: `${pointer}/token`, text: step.token }]
  return {
    pointer,
    callsUpstream: false,
    readsMessage: true,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      const token = valueOf(evaluated.values[0]) ?? ''
      if (token === '') return stepProblem('token_missing')
      if (typeof token !== 'string') return stepProblem('token_invalid')
      const { deps } = run
      const { organization, name } = run.environment
      const current = deps.cell.current.environment(organization, name)
      if (current === undefined) return stepProblem('token_invalid')
      const fact = await deps.jwt.verify(current, token, deps.nowMs())
      if (fact.kind !== 'valid') return stepProblem(REFUSALS[fact.kind])
      // The snapshot can change while the run waits for its body or for the verification.
      const snapshot = deps.cell.current
      const refusal = jwtRefusal(snapshot, fact, { organization, environment: name }, deps.nowMs())
      if (refusal !== null) return stepProblem(refusal)
      run.exchange.addJwt(fact)
      return { message: { ...message, body: JSON.stringify(fact.claims) } }
    },
  }
}
