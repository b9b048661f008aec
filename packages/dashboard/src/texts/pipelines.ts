import { count, counted } from '../format/numbers.ts'

/** What the modes of a policy demand, in words. */
const modes = {
  any: 'Anything goes',
  'api-key': 'API key required',
  jwt: 'JWT required',
  'jwt-and-api-key': 'JWT and API key required',
}

/** The list of pipelines, and the form for a new one. */
export const pipelines = {
  title: 'Pipelines',
  caption: (environment: string | undefined) =>
    environment === undefined
      ? 'Pipelines and what is live of them'
      : `Pipelines and what is live in ${environment}`,
  create: 'Create pipeline',
  modes,
  force: {
    mode: (environment: string, mode: keyof typeof modes) => `${modes[mode]} in ${environment}`,
    conformity: (
      version: number,
      { total, conforming }: { readonly total: number; readonly conforming: number },
    ) =>
      `version ${version}: ${
        total === 0 ? 'nothing is live' : `${count(conforming)} of ${counted(total, 'deployment')} conform`
      }`,
  },
  searchLabel: 'Search pipelines',
  searchHint: 'Name or project',
  filters: { project: 'Project', conforming: 'Conforms' },
  conformities: { yes: 'Yes', no: 'No' },
  columns: { name: 'Name', project: 'Project', newest: 'Newest version', created: 'Created' },
  notLive: 'Not live',
  notConforming: 'Does not conform',
  liveIn: (versions: readonly string[], environment: string, isFaulty: boolean) =>
    `${versions.join(', ')} in ${environment}${isFaulty ? ' does not conform' : ''}`,
  rest: (project: string, places: readonly string[]) =>
    [project, ...(places.length === 0 ? ['Not live'] : places)].join(' · '),
  shown: (shown: number, all: number) => `${count(shown)} of ${counted(all, 'pipeline')}`,
  empty: {
    title: 'No pipeline yet',
    text: 'A pipeline publishes an API: a route, the credentials that callers must send, and what it does. Create one here, or from a shell:',
    command: (organization: string) =>
      `curl -X POST ${location.origin}/v1/organizations/${organization}/pipelines \\\n  -H "authorization: Bearer $OWNER" -H 'content-type: application/yaml' --data-binary '\nname: hello\nspec:\n  trigger: { kind: http, path: /hello, authentication: { apiKey: true } }\n  steps:\n    - respond: { status: 200, body: hello }\n'`,
    filteredTitle: 'No pipeline fits',
    filteredText: 'Change the search or a filter.',
    clear: 'Clear all filters',
  },
  form: {
    title: 'Create a pipeline',
    name: 'Name',
    nameHint: 'Lower-case letters, digits and hyphens.',
    nameWrong: 'Use lower-case letters, digits and hyphens, and start with a letter.',
    project: 'Project',
    projectHint: 'Groups pipelines, for people and for roles.',
    newProject: 'New project…',
    projectName: 'Name of the new project',
    path: 'Path',
    pathWrong: 'Start with /.',
    pathHint: ':id or {id} stands for one segment, * for the rest.',
    defaultPath: (name: string) => `/v1/${name === '' ? 'name' : name}`,
    methods: 'Methods',
    methodsHint: 'GET also answers HEAD.',
    everyMethod: 'GET, POST, PUT, PATCH, DELETE',
    authentication: 'What callers must send',
    open: 'Nothing is required: anyone who can reach the gateway can call it.',
    step: 'What it does',
    steps: { proxy: 'Forward to an upstream', respond: 'Answer itself' },
    stepHints: {
      proxy: 'Each request goes on to this URL, without the caller’s credentials.',
      respond: 'Each request gets this answer, with status 200.',
    },
    url: 'URL of the upstream',
    urlWrong: 'Start with http:// or https://.',
    urlHint:
      '{id} stands for the parameter :id of the path. A private address works only if the operator of this server allows it.',
    body: 'Answer',
    bodyHint: 'JSON, or plain text.',
    bodyWrong: 'A number cannot be kept exactly. Write a smaller one, or put it in quotes as text.',
    sourceLabel: 'Begin with',
    sources: { scratch: 'One route', schedule: 'A schedule', openApi: 'An OpenAPI document' },
    callUrl: 'URL to call',
    callUrlHint:
      'It gets a GET request at each due time. Add further steps, or another method, on the next page.',
    openApi: {
      document: 'OpenAPI document',
      drop: 'Drop an OpenAPI 3 document here, as JSON or YAML, or',
      choose: 'Choose file',
      chooseOther: 'Choose another file',
      reading: (name: string) => `${name} is being read…`,
      tooLarge: 'The file has more than 16 MiB. Split the document, or remove examples and descriptions.',
      unreadable:
        'The file cannot be read. It was changed, moved or removed after it was chosen. Choose it again.',
      noSyntax: 'The file cannot be read as JSON or as one YAML document. Choose an OpenAPI document.',
      noServer: 'The document names no server. Enter where requests go.',
      urlHint: 'The paths of the document follow this URL.',
      prefix: 'Only paths that start with',
      prefixHint: 'Empty for all paths.',
      summary: (
        { paths, operations }: { readonly paths: number; readonly operations: number },
        credentials: readonly string[],
      ) =>
        `${counted(paths, 'path')} with ${counted(operations, 'operation')}. Callers send: ${credentials.join(' and ')}.`,
      complete: 'All paths and methods of the document are here.',
      differs: 'This is different from the document:',
      checked: (checked: number) =>
        checked === 0
          ? 'The content of requests is not checked: the document describes none.'
          : `The content of requests is checked for ${counted(checked, 'operation')}.`,
      more: (number: number) => `And ${count(number)} more.`,
    },
    after: 'Saved as version 1.0. Nothing is live until you deploy it.',
    submit: 'Create pipeline',
    done: (name: string) => `${name} is saved as version 1.0`,
  },
}
