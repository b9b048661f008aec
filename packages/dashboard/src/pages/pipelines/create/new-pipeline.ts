import { t } from '../../../texts/texts.ts'
import { type FirstSpec, keepsDigits } from './first-spec.ts'

/** What the form for a new pipeline asks. */
export interface NewPipeline extends FirstSpec {
  readonly name: string
  /** Empty for a new one. */
  readonly project: string
  readonly newProject: string
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
}

/** The names of pipelines and projects. Only the server decides; this says earlier what it would refuse. */
const NAME = /^[a-z][a-z0-9-]{0,62}$/

export function isName(text: string): boolean {
  return NAME.test(text)
}

/** What a URL begins with; a placeholder may stand for all of it. */
const BEGINNINGS = ['http://', 'https://', '{'] as const

/** Whether a text is the URL of an upstream, or may become one while it is typed. The gate decides. */
export function mayBeUrl(text: string): boolean {
  return BEGINNINGS.some((beginning) => text.startsWith(beginning) || beginning.startsWith(text))
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
  const { step, url, body } = values
  const { form } = t.pipelines
  return [
    ...missingName(values),
    step === 'proxy' && url.trim() === '' && form.url,
    step === 'respond' && !keepsDigits(body) && form.body,
  ]
}
