import { count, counted } from '../format/numbers.ts'

/** Why the gate refuses something, in a few words beside a line of the spec. */
function faultOf({ rule, environment, required }: Fault): string {
  switch (rule) {
    case 'api-key-required':
    case 'jwt-required':
      return `${environment} demands it`
    case 'login-cannot-require-jwt':
      return 'Not in a login'
    case 'login-generates-jwt':
      return 'No jwt.generate step'
    default:
      return `Required: ${required}`
  }
}

interface Fault {
  readonly rule: string
  readonly environment: string
  readonly required: string
}

/** The page of one pipeline. */
export const pipeline = {
  parent: 'Pipelines /',
  tabsLabel: 'Parts of the pipeline',
  tabs: { spec: 'Spec', deployments: 'Deployments', versions: 'Versions' },
  save: (version: string) => `Save ${version}`,
  comment: {
    label: 'What has changed',
    hint: 'For people to read in the list of versions. It may stay empty.',
  },
  saveHint: (minor: string, major: string) =>
    `Deployed, ${minor} takes the place of the version before it; ${major} is live beside it.`,
  overtaken: {
    title: (newest: string) => `Version ${newest} was saved meanwhile`,
    text: (base: string, newest: string) =>
      `Your text is a change of ${base}. Look at what ${newest} has changed, and write it into your text too. Your text stays as it is.`,
    compare: 'See what has changed',
    goOn: (newest: string) => `Go on from ${newest}`,
  },
  saved: (name: string, version: string) => `${name} ${version} is saved`,
  force: {
    nothing: (environment: string | undefined) =>
      environment === undefined ? 'Nothing is live' : `Nothing is live in ${environment}`,
    version: (version: string, environment: string) => `${version} in ${environment}`,
    since: 'since',
  },
  guard: {
    title: 'Leave without saving?',
    text: 'The changes of the spec are lost.',
    stay: 'Stay',
    leave: 'Leave',
  },
  spec: {
    trigger: 'Trigger',
    heading: 'Spec',
    yaml: 'YAML',
    version: (version: string) => `version ${version}`,
    editor: (name: string) => `Spec of ${name} in YAML`,
    kind: 'Kind',
    kinds: {
      rest: 'Bodies must be JSON, which steps can read.',
      http: 'Bodies of any kind, which steps can read.',
      'http-file': 'Large bodies, which go through to the upstream.',
    },
    path: 'Path',
    pathHint: ':id stands for one segment, * for the rest.',
    defaultPath: '/v{major}/{pipeline}',
    methods: 'Methods',
    everyMethod: 'GET, POST, PUT, PATCH, DELETE',
    schedule: 'Schedule',
    scheduleHint: 'Five cron fields in UTC, such as 0 3 * * * for each night at three.',
    authentication: 'What callers must send',
    credentials: { apiKey: 'API key', jwt: 'JWT', basic: 'Basic' },
    credentialMeanings: {
      apiKey: 'Header x-api-key, of an associated consumer',
      jwt: 'Issued by a login pipeline or a trusted issuer',
      basic: 'Username and password of a consumer',
    },
    sort: 'Kind of pipeline',
    login: 'Login pipeline',
    loginMeaning: 'Issues the JWT that other pipelines demand',
    publicKeys: 'Accept public keys',
    publicKeysMeaning: 'Opens it to keys that are safe to publish',
    steps: 'Steps',
    addStep: 'Add step',
    edit: 'Edit',
    show: 'Show',
    stepWord: (word: string, place: number, kind: string) => `${word} step ${place}, ${kind}`,
    moreOfStep: (place: number, kind: string) => `More for step ${place}, ${kind}`,
    noStep: 'empty',
    moveUp: 'Move up',
    moveDown: 'Move down',
    removeStep: 'Remove',
    stepKeys: { up: 'Alt ↑', down: 'Alt ↓', remove: 'Del' },
    movedStep: (kind: string, place: number, all: number) =>
      `${kind} is now step ${count(place)} of ${count(all)}`,
    removedStep: (kind: string) => `${kind} is removed. Ctrl+Z in the text brings it back.`,
    unreadable: 'The form waits for the text',
    unreadableNext: 'The text is not YAML. The form shows what it said last.',
    notAnObject: 'Write an object with trigger and steps.',
    notYaml: 'Not YAML',
    problems: (problems: number) => counted(problems, 'problem'),
    problem: (line: number, message: string) => `Line ${line}: ${message}`,
    changed: 'Not saved',
    unchanged: 'Saved',
    same: 'Form and text are the same spec; change either.',
    discard: 'Discard changes',
    faultOf,
  },
  deploy: {
    open: 'Deploy to…',
    titles: {
      deploy: (environment: string) => `Deploy to ${environment}`,
      promote: (environment: string) => `Promote to ${environment}`,
      rollback: (environment: string) => `Roll back in ${environment}`,
      redeploy: (environment: string) => `Redeploy in ${environment}`,
    },
    submits: {
      deploy: (version: string, environment: string) => `Deploy ${version} to ${environment}`,
      promote: (version: string, environment: string) => `Promote ${version} to ${environment}`,
      rollback: (version: string, environment: string) => `Roll back to ${version} in ${environment}`,
      redeploy: (version: string, environment: string) => `Redeploy ${version} in ${environment}`,
    },
    about: (name: string, version: string | undefined, environment: string) =>
      `${[name, version].filter((word) => word !== undefined).join(' ')}, checked against ${environment}.`,
    aboutPolicy: (mode: string, version: number) => ` Policy: ${mode}, version ${version}.`,
    keepsServing: (version: string) => ` ${version} keeps serving meanwhile.`,
    choices: 'What to deploy',
    version: 'Version',
    environment: 'Environment',
    choose: 'Choose one',
    draft: 'The changes in the text are not part of it',
    draftNext: 'Save them as a new version to deploy them.',
    verdict: 'What the gate says',
    unknown: 'Choose an environment to see what its gate says.',
    refused: (violations: number) => `Refused: ${counted(violations, 'violation')}`,
    fixAll: (fixable: number, all: number, version: string) =>
      fixable === 1 && all === 1
        ? `Fix it and save ${version}`
        : `Fix ${fixable === all ? 'all ' : ''}${count(fixable)} and save ${version}`,
    fixHint: 'A fix changes the spec and saves a new version. Nothing is deployed until you say so.',
    before: (environment: string) => `Deploy to ${environment} first`,
    required: 'Required',
    found: 'Found',
    at: 'at',
    otherRule: (rule: string) => rule.replaceAll('-', ' '),
    rules: {
      'api-key-required': 'API key must be on',
      'jwt-required': 'JWT must be on',
      'login-generates-jwt': 'A login must issue a JWT',
      'login-cannot-require-jwt': 'A login cannot demand a JWT',
      'not-live-before': 'It must be live in the environment before',
      'methods-missing': 'No method is allowed',
      'route-invalid': 'A path cannot be read',
      'route-reserved': 'A path is reserved',
      'route-duplicate': 'Two paths match the same requests',
      'route-conflict': 'Another pipeline serves this route',
      'schedule-missing': 'The schedule is missing',
      'schedule-invalid': 'The schedule cannot be read',
      'step-unreachable': 'A step is never reached',
      'step-needs-caller': 'A step needs a caller',
      'url-invalid': 'A URL cannot be read',
      'url-parameter-unknown': 'A URL has a parameter that the path has not',
      'header-invalid': 'A header cannot be read',
      'header-parameter-unknown': 'A header has a parameter that the path has not',
      'secret-unknown': 'A secret is missing in the environment',
      'variable-unknown': 'A variable is missing in the environment',
      'variable-unusable': 'A variable does not fit where it stands',
      'expression-invalid': 'An expression cannot be read',
      'expressions-too-long': 'The expressions are too long',
    },
    fixes: {
      'api-key-required': 'Turn on',
      'jwt-required': 'Turn on',
      'login-cannot-require-jwt': 'Turn off',
      'login-generates-jwt': 'Add step',
      'methods-missing': 'Allow the usual ones',
      'step-unreachable': 'Remove step',
    },
    warnings: {
      'open-to-everyone': 'Open to everyone',
      'authorization-shared': 'Basic and JWT share a header',
      'token-of-nobody': 'The JWT belongs to no known caller',
      'login-answer-lost': 'Callers do not get the JWT',
      'transform-unused': 'A transform has no effect',
      'encoded-slashes-allowed': 'Encoded slashes are allowed',
      'guarded-path-reachable': 'It reaches what another pipeline guards',
      'guarded-path-exposed': 'Another pipeline reaches what it guards',
      'caller-missing': 'A step needs a caller',
      'list-varies': 'A list is not always a list',
    },
    conforms: (version: string) => `${version} conforms`,
    replaces: 'Replaces',
    replacesNothing: 'Nothing: no version of this major is live there',
    liveSince: (version: string) => `${version}, live since`,
    changes: 'Changes',
    lines: (added: number, removed: number) =>
      added + removed === 0 ? 'None' : `${counted(added, 'line')} added, ${count(removed)} removed`,
    callers: 'Callers send',
    demands: (
      required: { readonly apiKey: boolean; readonly jwt: boolean; readonly basic: boolean },
      isExposing: boolean,
    ) => {
      if (!isExposing) return 'Nothing: a schedule has no callers'
      const words = [
        required.apiKey && 'API key',
        required.jwt && 'JWT',
        required.basic && 'Basic credentials',
      ]
      const on = words.filter((word) => word !== false)
      return on.length === 0 ? 'Nothing: it is open to everyone' : on.join(' and ')
    },
    url: 'URL',
    live: (version: string, environment: string) => `${version} is live in ${environment}`,
    call: 'Call it from a shell',
    alarm: 'A caller without credentials is let in',
    alarmText: (routes: readonly string[]) =>
      `A more specific route of another deployment answers ${routes.join(', ')}. It requires nothing.`,
  },
  deployments: {
    live: 'Live',
    notLive: 'Not live',
    history: 'History',
    caption: (name: string) => `Deployments of ${name}, newest first`,
    name: (version: string, environment: string) => `${version} in ${environment}`,
    shown: (deployments: number) => counted(deployments, 'deployment'),
    empty: 'Nothing was deployed yet',
    emptyNext:
      'Press “Deploy to…”: the gate says what is missing, and nothing goes live before you confirm it.',
    origins: {
      deploy: 'Deployed',
      promote: 'Promoted',
      rollback: 'Rolled back',
      redeploy: 'Redeployed',
      unknown: 'Not recorded',
    },
    rest: (origin: string, since: string) => `${origin} ${since}`,
    from: (environment: string) => ` from ${environment}`,
    by: 'by',
    liveNow: 'Live',
    notEnded: 'Not ended',
    columns: {
      version: 'Version',
      environment: 'Environment',
      origin: 'How',
      created: 'Live from',
      by: 'By',
      ended: 'Until',
      endedBy: 'Ended by',
      again: 'Again',
    },
    redeploy: 'Redeploy…',
    fix: 'Fix…',
    promote: (environment: string) => `Promote to ${environment}…`,
    rollBack: (version: string) => `Roll back to ${version}…`,
    undeploy: 'Undeploy…',
  },
  undeploy: {
    title: (name: string, version: string, environment: string) =>
      `Undeploy ${name} ${version} in ${environment}?`,
    text: 'Its callers get 404 route_not_found from then on. The version stays, and can be deployed again.',
    schedule: 'It does not start any more. The version stays, and can be deployed again.',
    submit: 'Undeploy',
    done: (name: string, version: string, environment: string) =>
      `${name} ${version} is no longer live in ${environment}`,
    gone: 'Its route is gone.',
  },
  remove: {
    open: 'Delete pipeline…',
    isLive: 'Undeploy what is live first.',
    title: (name: string) => `Delete ${name}?`,
    text: 'All its versions and its associations with consumers are deleted. It cannot be undone. The history of its deployments stays.',
    submit: 'Delete pipeline',
    done: (name: string) => `${name} is deleted`,
  },
  versions: {
    list: 'Versions, newest first',
    comparison: 'Comparison of two versions',
    live: (environments: readonly string[]) => `Live in ${environments.join(', ')}`,
    by: 'by',
    all: (versions: number) => `Show all ${count(versions)}`,
    before: 'Compare from',
    after: 'Compare to',
    to: 'to',
    nothing: 'Nothing',
    diff: (before: string | undefined, after: string) =>
      before === undefined ? `Spec of ${after}` : `What changed from ${before} to ${after}`,
    same: 'Both are the same.',
    changes: { removed: 'Removed: ', added: 'Added: ' },
  },
  try: {
    open: 'Try it',
    title: (name: string) => `Try ${name}`,
    about: 'The gateway’s own decision about a call. No step runs, and nothing is counted.',
    notLive: 'Nothing with a route is live. Deploy it first.',
    where: 'Deployment',
    live: (version: string, environment: string) => `${version} in ${environment}`,
    call: 'Call',
    method: 'Method',
    path: 'Path',
    fillIn: 'Put a value in place of :name or *.',
    token: 'Token of an API key',
    tokenHint: 'Leave it empty to see what a caller without one gets.',
    noToken: 'No token?',
    newConsumer: 'Create a consumer that may call it',
    jwt: 'JWT',
    username: 'Username',
    password: 'Password',
    address: 'Address of the caller',
    addressHint: 'The key has address rules.',
    submit: 'Ask the gateway',
    mayNot: 'To ask for a decision you need the permission keys.verify. Call it from a shell instead:',
    decision: 'Decision',
    allowed: 'Allowed',
    refused: 'Refused',
    trace: 'What was checked',
    missing: (fields: readonly string[]) => `Not sent: ${fields.join(', ')}.`,
    checks: {
      route: 'Route and method',
      apiKey: 'API key',
      bounds: 'Environment and address of the key',
      access: 'Right to call the pipeline',
      basic: 'Basic credentials',
      jwt: 'JWT',
    },
    outcomes: {
      passed: 'Passed',
      refused: 'Refused',
      'not-reached': 'Not reached',
      'not-required': 'Not required',
    },
    key: 'Key',
    roles: 'Roles',
    shell: 'Call it from a shell',
    remedies: {
      route_not_found: 'No live pipeline answers this path. Compare it with the path of the trigger.',
      method_not_allowed: 'The route exists, but not for this method.',
      credential_missing: 'Send the token of an API key in the header x-api-key.',
      credential_invalid: 'No key has this token. Check that it was copied whole.',
      key_deleted: 'The key was deleted. The caller needs another one.',
      key_inactive: 'The key, or its consumer, is switched off. Switch it on again.',
      key_expired: 'The key has expired. Create another one.',
      key_outdated: 'The key was rolled, and this secret has ended. Use the new one.',
      key_wrong_environment: 'The key belongs to another environment.',
      address_not_allowed: 'The address rules of the key do not allow this address.',
      pipeline_not_allowed:
        'Associate the consumer of the key with this pipeline, or give the key a role with pipelines.invoke.',
      basic_invalid: 'The username or the password is wrong, or belongs to another consumer.',
      token_missing: 'Send a JWT in the header Authorization.',
      token_invalid: 'The JWT is of no trusted issuer, or was changed.',
      token_expired: 'The JWT has expired. Get a new one from the login pipeline.',
      token_wrong_consumer: 'The JWT and the API key belong to different consumers.',
    },
  },
}
