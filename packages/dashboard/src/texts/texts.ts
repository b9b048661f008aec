import { consumers } from './consumers.ts'
import { externalKeys } from './external-keys.ts'
import { failures } from './failures.ts'
import { keys } from './keys.ts'
import { invitation } from './invitation.ts'
import { members } from './members.ts'
import { parts } from './parts.ts'
import { pipeline } from './pipeline.ts'
import { pipelines } from './pipelines.ts'
import { policies } from './policies.ts'
import { forgotPassword, resetPassword } from './passwords.ts'
import { profile } from './profile.ts'
import { receipt } from './receipt.ts'
import { rolePages } from './role-pages.ts'
import { roles } from './roles.ts'
import { setUp } from './set-up.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { stepUp } from './step-up.ts'
import { token } from './token.ts'

/** Every text that the dashboard shows, by the page or part that shows it. */
export const t = {
  consumers,
  externalKeys,
  failures,
  invitation,
  keys,
  members,
  parts,
  pipeline,
  pipelines,
  policies,
  receipt,
  rolePages,
  roles,
  setUp,
  shell,
  signIn,
  failures,
  forgotPassword,
  keys,
  parts,
  policies,
  profile,
  receipt,
  resetPassword,
  setUp,
  shell,
  signIn,
  stepUp,
  token,
}
