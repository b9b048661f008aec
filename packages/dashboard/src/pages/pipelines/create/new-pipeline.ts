import { t } from '../../../texts/texts.ts'
import { startsLikeUrl } from '../spec/url-start.ts'
import { type FirstSpec, keepsDigits } from './first-spec.ts'

/** What the form for a new pipeline asks. */
export interface NewPipeline extends FirstSpec {
  readonly name: string
  /** Empty for a new one. */
  readonly project: string
  readonly newProject: string
  /** Of a pipeline without callers: when it starts, as in a spec. */
  readonly schedule: string
  /** Empty for the default. */
  readonly timeZone: string
}

export const NOTHING: NewPipeline = {
  name: '',
  project: 'default',
  newProject: '',
  path: '',
  methods: [],
  required: { apiKey: true, jwt: false, basic: false },
  step: 'proxy',
  url: '',
  body: '',
  schedule: '',
  timeZone: '',
}

/** The names of pipelines and projects. Only the server decides; this says earlier what it would refuse. */
const NAME = /^[a-z][a-z0-9-]{0,62}$/

export function isName(text: string): boolean {
  return NAME.test(text)
}

/** Whether a text is a path. Empty for the one of the name. */
export function isPath(text: string): boolean {
  return text === '' || text.startsWith('/')
}

/** The labels of the fields for the name and the project that must be filled in, and false for each that is. */
export function missingName({
  name,
  project,
  newProject,
}: Pick<NewPipeline, 'name' | 'project' | 'newProject'>): readonly (string | false)[] {
  const { form } = t.pipelines
  return [!isName(name) && form.name, project === '' && !isName(newProject) && form.projectName]
}

/** The same for all fields of a pipeline with one route. */
export function missingIn(values: NewPipeline): readonly (string | false)[] {
  const { path, step, url, body } = values
  const { form } = t.pipelines
  return [
    ...missingName(values),
    !isPath(path) && form.path,
    step === 'proxy' && !startsLikeUrl(url) && form.url,
    step === 'respond' && !keepsDigits(body) && form.body,
  ]
}
