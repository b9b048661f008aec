import { count, counted } from '../format/numbers.ts'

/** Roles, where they are chosen. */
export const roles = {
  legend: 'Roles',
  nonePreselected: 'None is preselected',
  broad: 'Broad',
  beyondYou: 'Permits more than you may do, so you cannot give it.',
  builtIn: {
    owner: 'Everything, the organization’s settings included',
    admin: 'Everything but the organization’s settings',
    developer: 'Pipelines, deployments, secrets and variables',
    'key-manager': 'Consumers, keys and external keys',
    'policy-manager': 'Policies',
    auditor: 'Reads everything, changes nothing',
    invoker: 'Calls every pipeline',
  },
  ofOrganization: (names: readonly string[], more: number) =>
    more === 0 ? names.join(', ') : `${names.join(', ')} and ${count(more)} more`,
  permits: 'It will be able to',
  permitsNothing: 'Nothing yet: choose a role.',
  permitsCount: (permitted: number, all: number) => `${count(permitted)} of ${counted(all, 'permission')}`,
  everywhere: 'everywhere',
  scope: (environment: string | undefined, part: string | undefined) => {
    if (part === undefined) return environment ?? 'everywhere'
    return environment === undefined ? part : `${environment}: ${part}`
  },
  ofProject: (project: string) => `project ${project}`,
  showAll: (all: number) => `Show all ${count(all)}`,
}
