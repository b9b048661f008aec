import { audit } from './audit.ts'
import { chart } from './chart.ts'
import { failures } from './failures.ts'
import { keys } from './keys.ts'
import { overview } from './overview.ts'
import { parts } from './parts.ts'
import { policies } from './policies.ts'
import { receipt } from './receipt.ts'
import { ownRefusal, refusals } from './refusals.ts'
import { requests } from './requests.ts'
import { setUp } from './set-up.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { token } from './token.ts'
import { usage } from './usage.ts'

/** Every text that the dashboard shows, by the page or part that shows it. */
export const t = {
  audit,
  chart,
  failures,
  keys,
  overview,
  ownRefusal,
  parts,
  policies,
  receipt,
  refusals,
  requests,
  setUp,
  shell,
  signIn,
  token,
  usage,
}
