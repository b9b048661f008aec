import type { ControlApi } from '../routing/resource-routes.ts'
import type { WebSessions } from './web-sessions.ts'
import type { SignInLimits } from './sign-in-limits.ts'

/** What routes for people need besides what every route needs. */
export interface PeopleApi extends ControlApi {
  readonly sessions: WebSessions
  readonly limits: SignInLimits
}
