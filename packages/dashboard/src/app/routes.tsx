import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  type ParsedLocation,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { sessionQuery, setupQuery } from '../data/session.ts'
import { consumersSearch } from '../pages/consumers/search.ts'
import { environmentsSearch } from '../pages/environments/search.ts'
import { externalKeysSearch } from '../pages/keys/external/search.ts'
import { importsSearch } from '../pages/keys/imports/search.ts'
import { keysSearch } from '../pages/keys/search.ts'
import { pipelineSearch } from '../pages/pipelines/address/search.ts'
import { pipelinesSearch } from '../pages/pipelines/search.ts'
import { policiesSearch } from '../pages/policies/search.ts'
import { invitationsSearch } from '../pages/members/invitations/search.ts'
import { leaksSearch } from '../pages/leaks/search.ts'
import { membersSearch } from '../pages/members/search.ts'
import { editRoleSearch, rolesSearch } from '../pages/roles/search.ts'
import { auditSearch } from '../pages/audit/search.ts'
import { overviewSearch } from '../pages/overview/search.ts'
import { requestsSearch } from '../pages/requests/search.ts'
import { profileSearch } from '../pages/profile/search.ts'
import { signInSearch } from '../pages/sign-in/search.ts'
import { portalSearch } from '../pages/portal/search.ts'
import { NoOrganization } from '../pages/start/no-organization.tsx'
import { keepLinkSecret } from '../parts/link-secret.ts'
import { NotFound } from '../pages/start/not-found.tsx'
import { RouteFailure } from '../pages/start/route-failure.tsx'
import { usageSearch } from '../pages/usage/search.ts'
import { webhooksSearch } from '../pages/webhooks/search.ts'
import { environmentSearch, returnSearch } from '../url/search.ts'
import { Shell } from '../shell/shell.tsx'

/*
 * Every page of the dashboard. What a page reads from the URL stands in its `search.ts`, and its code is loaded when it is opened.
 */

interface RouterContext {
  readonly queries: QueryClient
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: RouteFailure,
})

/** For a page behind a link with a secret. */
const behindLink = {
  beforeLoad: ({ location }: { readonly location: ParsedLocation }) => {
    if (location.hash === '') return
    keepLinkSecret(location.hash)
    throw redirect({ href: location.pathname + location.searchStr, replace: true })
  },
  onLeave: () => keepLinkSecret(''),
}

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  beforeLoad: async ({ context: { queries } }) => {
    const { done } = await queries.ensureQueryData(setupQuery)
    if (done) throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('../pages/set-up/set-up-page.tsx'), 'SetUpPage'),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  beforeLoad: async ({ context: { queries }, search }) => {
    // Once more, because it leads away from this page.
    const { returnTo } = returnSearch(search)
    const session = await queries.ensureQueryData(sessionQuery)
    if (session !== null && !session.secondFactorRequired) throw redirect({ href: returnTo ?? '/' })
  },
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  ...behindLink,
  component: lazyRouteComponent(() => import('../pages/invitation/invitation-page.tsx'), 'InvitationPage'),
})

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(
    () => import('../pages/forgot-password/forgot-password-page.tsx'),
    'ForgotPasswordPage',
  ),
})

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  ...behindLink,
  component: lazyRouteComponent(
    () => import('../pages/reset-password/reset-password-page.tsx'),
    'ResetPasswordPage',
  ),
})

/** What the people of a consumer see, who have no account. */
const portal = createRoute({
  getParentRoute: () => root,
  path: '/portal',
  validateSearch: portalSearch,
  ...behindLink,
  component: lazyRouteComponent(() => import('../pages/portal/portal-page.tsx'), 'PortalPage'),
})

/** Around every page that needs a session. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context: { queries }, location: { href } }) => {
    const session = await queries.ensureQueryData(sessionQuery)
    if (session !== null && !session.secondFactorRequired) return { session }
    if (session === null && !(await queries.ensureQueryData(setupQuery)).done)
      throw redirect({ to: '/set-up' })
    throw redirect({ to: '/sign-in', search: href === '/' ? {} : { returnTo: href } })
  },
})

const start = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context: { session } }) => {
    const [first] = session.organizations
    if (first !== undefined) {
      throw redirect({ to: '/organizations/$organization', params: { organization: first.slug } })
    }
  },
  component: NoOrganization,
})

const profile = createRoute({
  getParentRoute: () => signedIn,
  path: '/profile',
  validateSearch: profileSearch,
  component: lazyRouteComponent(() => import('../pages/profile/profile-page.tsx'), 'ProfilePage'),
})

/** Around every page of an organization. The environment in the top bar filters all of them. */
const organization = createRoute({
  getParentRoute: () => signedIn,
  path: '/organizations/$organization',
  validateSearch: environmentSearch,
  search: { middlewares: [retainSearchParams(['environment'])] },
  beforeLoad: ({ context: { session }, params }) => {
    const found = session.organizations.find(({ slug }) => slug === params.organization)
    if (found === undefined) throw redirect({ to: '/' })
    return { organization: found }
  },
  component: Shell,
})

const keys = createRoute({
  getParentRoute: () => organization,
  path: '/keys',
  validateSearch: keysSearch,
  component: lazyRouteComponent(() => import('../pages/keys/keys-page.tsx'), 'KeysPage'),
})

const pipelines = createRoute({
  getParentRoute: () => organization,
  path: '/pipelines',
  validateSearch: pipelinesSearch,
  component: lazyRouteComponent(() => import('../pages/pipelines/pipelines-page.tsx'), 'PipelinesPage'),
})

const pipeline = createRoute({
  getParentRoute: () => organization,
  path: '/pipelines/$pipeline',
  validateSearch: pipelineSearch,
  component: lazyRouteComponent(() => import('../pages/pipelines/detail/pipeline-page.tsx'), 'PipelinePage'),
})

const policies = createRoute({
  getParentRoute: () => organization,
  path: '/policies',
  validateSearch: policiesSearch,
  component: lazyRouteComponent(() => import('../pages/policies/policies-page.tsx'), 'PoliciesPage'),
})

const environments = createRoute({
  getParentRoute: () => organization,
  path: '/environments',
  validateSearch: environmentsSearch,
  component: lazyRouteComponent(
    () => import('../pages/environments/environments-page.tsx'),
    'EnvironmentsPage',
  ),
})

const settings = createRoute({
  getParentRoute: () => organization,
  path: '/organization',
  component: lazyRouteComponent(
    () => import('../pages/organization/organization-page.tsx'),
    'OrganizationPage',
  ),
})

const webhooks = createRoute({
  getParentRoute: () => organization,
  path: '/webhooks',
  validateSearch: webhooksSearch,
  component: lazyRouteComponent(() => import('../pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
})

const leaks = createRoute({
  getParentRoute: () => organization,
  path: '/leaks',
  validateSearch: leaksSearch,
  component: lazyRouteComponent(() => import('../pages/leaks/leaks-page.tsx'), 'LeaksPage'),
})

const quotas = createRoute({
  getParentRoute: () => organization,
  path: '/quotas',
  component: lazyRouteComponent(() => import('../pages/quotas/quotas-page.tsx'), 'QuotasPage'),
})

const consumers = createRoute({
  getParentRoute: () => organization,
  path: '/consumers',
  validateSearch: consumersSearch,
  component: lazyRouteComponent(() => import('../pages/consumers/consumers-page.tsx'), 'ConsumersPage'),
})

const externalKeys = createRoute({
  getParentRoute: () => organization,
  path: '/keys/external',
  validateSearch: externalKeysSearch,
  component: lazyRouteComponent(
    () => import('../pages/keys/external/external-keys-page.tsx'),
    'ExternalKeysPage',
  ),
})

const imports = createRoute({
  getParentRoute: () => organization,
  path: '/keys/imports',
  validateSearch: importsSearch,
  component: lazyRouteComponent(() => import('../pages/keys/imports/imports-page.tsx'), 'ImportsPage'),
})

const roles = createRoute({
  getParentRoute: () => organization,
  path: '/roles',
  validateSearch: rolesSearch,
  component: lazyRouteComponent(() => import('../pages/roles/roles-page.tsx'), 'RolesPage'),
})

const editRole = createRoute({
  getParentRoute: () => organization,
  path: '/roles/edit',
  validateSearch: editRoleSearch,
  component: lazyRouteComponent(() => import('../pages/roles/edit/edit-role-page.tsx'), 'EditRolePage'),
})

const members = createRoute({
  getParentRoute: () => organization,
  path: '/members',
  validateSearch: membersSearch,
  component: lazyRouteComponent(() => import('../pages/members/members-page.tsx'), 'MembersPage'),
})

const invitations = createRoute({
  getParentRoute: () => organization,
  path: '/members/invitations',
  validateSearch: invitationsSearch,
  component: lazyRouteComponent(
    () => import('../pages/members/invitations/invitations-page.tsx'),
    'InvitationsPage',
  ),
})

const overview = createRoute({
  getParentRoute: () => organization,
  path: '/',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
})

const requests = createRoute({
  getParentRoute: () => organization,
  path: '/requests',
  validateSearch: requestsSearch,
  component: lazyRouteComponent(() => import('../pages/requests/requests-page.tsx'), 'RequestsPage'),
})

const usage = createRoute({
  getParentRoute: () => organization,
  path: '/usage',
  validateSearch: usageSearch,
  component: lazyRouteComponent(() => import('../pages/usage/usage-page.tsx'), 'UsagePage'),
})

const audit = createRoute({
  getParentRoute: () => organization,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../pages/audit/audit-page.tsx'), 'AuditPage'),
})

export const routes = root.addChildren([
  setUp,
  signIn,
  forgotPassword,
  resetPassword,
  invitation,
  portal,
  signedIn.addChildren([
    start,
    profile,
    organization.addChildren([
      overview,
      pipelines,
      pipeline,
      policies,
      environments,
      settings,
      webhooks,
      quotas,
      consumers,
      keys,
      externalKeys,
      imports,
      roles,
      editRole,
      members,
      invitations,
      requests,
      usage,
      audit,
      leaks,
    ]),
  ]),
])
