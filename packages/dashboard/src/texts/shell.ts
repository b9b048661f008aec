/** The frame around the pages. */
export const shell = {
  skip: 'Skip to content',
  brand: 'Sallyport',
  main: 'Main',
  openNavigation: 'Open navigation',
  closeNavigation: 'Close navigation',
  groups: { publish: 'Publish', access: 'Access', observe: 'Observe' },
  pages: {
    consumers: 'Consumers',
    keys: 'API keys',
  },
  organization: (slug: string) => `Organization: ${slug}`,
  environment: (name: string) => `Environment: ${name}`,
  allEnvironments: 'All environments',
  account: (initials: string, name: string) => `${initials}: account of ${name}`,
  signOut: 'Sign out',
  toDark: 'Switch to dark',
  toLight: 'Switch to light',
  gateways: (current: number, all: number) => `${current} of ${all} gateways current`,
  lost: (time: string) =>
    `The connection was lost at ${time}. You see what was read before. Trying again every 2 seconds.`,
  noOrganization: 'You are in no organization',
  noOrganizationNext: 'Ask an owner of your organization for an invitation.',
  notFound: 'This page does not exist',
  notFoundNext: 'The address may be mistyped, or the page was moved.',
  home: 'Go to the start',
}
