import { audit } from './audit.ts'
import { chart } from './shared/chart.ts'
import { consumers } from './consumers.ts'
import { environments } from './environments.ts'
import { events } from './shared/events.ts'
import { exports } from './shared/exports.ts'
import { expressionTrial } from './pipeline/expression-trial.ts'
import { externalKeys } from './external-keys.ts'
import { failures } from './shared/failures.ts'
import { firstSteps } from './first-steps.ts'
import { handOver } from './shared/hand-over.ts'
import { imports } from './imports.ts'
import { invitation } from './visitors/invitation.ts'
import { keys } from './keys.ts'
import { leaks } from './leaks.ts'
import { maintenance } from './pipeline/maintenance.ts'
import { members } from './members.ts'
import { nextRuns } from './pipeline/next-runs.ts'
import { organization } from './organization.ts'
import { overtaken } from './shared/overtaken.ts'
import { overview } from './overview.ts'
import { parts } from './shared/parts.ts'
import { forgotPassword, resetPassword } from './visitors/passwords.ts'
import { pipeline } from './pipeline.ts'
import { pipelines } from './pipelines.ts'
import { portal } from './visitors/portal.ts'
import { policies } from './policies.ts'
import { profile } from './profile.ts'
import { receipt } from './shared/receipt.ts'
import { ownRefusal, refusals } from './shared/refusals.ts'
import { quotas } from './quotas.ts'
import { requests } from './requests.ts'
import { rolePages } from './role-pages.ts'
import { roles } from './roles.ts'
import { scheduleRuns } from './pipeline/schedule-runs.ts'
import { setUp } from './visitors/set-up.ts'
import { shell } from './shell.ts'
import { signIn } from './visitors/sign-in.ts'
import { specEditor } from './spec-editor.ts'
import { specForm } from './pipeline/spec-form.ts'
import { stepUp } from './shared/step-up.ts'
import { token } from './shared/token.ts'
import { usage } from './usage.ts'
import { webhooks } from './webhooks.ts'

/** Every text that the dashboard shows, by the page or part that shows it. */
export const t = {
  audit,
  chart,
  consumers,
  environments,
  events,
  exports,
  expressionTrial,
  externalKeys,
  failures,
  firstSteps,
  forgotPassword,
  handOver,
  imports,
  invitation,
  keys,
  leaks,
  maintenance,
  members,
  nextRuns,
  organization,
  overtaken,
  overview,
  ownRefusal,
  parts,
  pipeline,
  pipelines,
  policies,
  portal,
  profile,
  receipt,
  refusals,
  quotas,
  requests,
  resetPassword,
  rolePages,
  roles,
  scheduleRuns,
  setUp,
  shell,
  signIn,
  specEditor,
  specForm,
  stepUp,
  token,
  usage,
  webhooks,
}
