import type { Logger } from 'pino'
import type { Expressions } from '../../expression/expressions.ts'
import type { EnvironmentSecrets } from '../deployment/environment-secrets.ts'
import type { EnvironmentSigners } from '../deployment/environment-signer.ts'
import type { JwtJudge } from '../credentials/authorizer.ts'
import type { PasswordJudge } from '../credentials/basic-authenticator.ts'
import type { Upstreams } from '../../egress/upstreams.ts'

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
