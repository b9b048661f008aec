import type { Logger } from 'pino'
import type { Expressions } from '../../expression/expressions.ts'
import type { EnvironmentSecrets } from '../environment-secrets.ts'
import type { EnvironmentSigners } from '../environment-signer.ts'
import type { JwtJudge } from '../judge.ts'
import type { PasswordJudge } from '../password-judge.ts'
import type { Upstreams } from '../upstreams.ts'

/** What the steps of a gateway work with. */
export interface StepTools {
  readonly expressions: Pick<Expressions, 'evaluate'>
  readonly upstreams: Upstreams
  readonly passwords: Pick<PasswordJudge, 'verify'>
  readonly jwt: JwtJudge
  readonly signers: EnvironmentSigners
  readonly secrets: EnvironmentSecrets
  readonly nowMs: () => number
  readonly logger: Logger
}
