import { MultiSelect, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { projectsQuery } from '../../../data/projects.ts'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { CredentialToggles } from '../spec/credential-toggles.tsx'
import { METHODS } from '../spec/trigger-facts.ts'
import classes from './create-pipeline.module.css'
import { keepsDigits } from './first-spec.ts'
import { isName, isPath, type NewPipeline } from './new-pipeline.ts'
import { mayBeUrl } from '../spec/url-start.ts'

interface FieldsProps {
  readonly values: NewPipeline
  readonly onChange: (change: Partial<NewPipeline>) => void
}

/** What the pipeline is called, and the project it belongs to. */
export function NameFields({
  organization,
  values,
  onChange,
}: FieldsProps & { readonly organization: string }) {
  const { data: projects = [] } = useQuery(projectsQuery(organization))
  const { form } = t.pipelines
  const errorOf = (name: string): string | false => name !== '' && !isName(name) && form.nameWrong
  return (
    <div className={classes.two}>
      <TextInput
        data-autofocus
        label={form.name}
        description={form.nameHint}
        autoComplete="off"
        spellCheck={false}
        required
        value={values.name}
        error={errorOf(values.name)}
        onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
      />
      <div className={classes.stack}>
        <Select
          label={form.project}
          description={form.projectHint}
          data={[
            ...projects.map(({ name }) => ({ value: name, label: name })),
            { value: '', label: form.newProject },
          ]}
          value={values.project}
          allowDeselect={false}
          onChange={(project) => onChange({ project: project ?? '' })}
        />
        {values.project === '' && (
          <TextInput
            aria-label={form.projectName}
            placeholder={form.projectName}
            autoComplete="off"
            spellCheck={false}
            required
            value={values.newProject}
            error={errorOf(values.newProject)}
            onChange={({ currentTarget }) => onChange({ newProject: currentTarget.value })}
          />
        )}
      </div>
    </div>
  )
}

/** How the pipeline is called, and what callers must send. */
export function TriggerFields({ values, onChange }: FieldsProps) {
  const { form } = t.pipelines
  const isOpen = !Object.values(values.required).includes(true)
  return (
    <>
      <div className={classes.two}>
        <TextInput
          label={form.path}
          description={form.pathHint}
          placeholder={form.defaultPath(values.name)}
          spellCheck={false}
          value={values.path}
          error={!isPath(values.path) && form.pathWrong}
          onChange={({ currentTarget }) => onChange({ path: currentTarget.value })}
        />
        <MultiSelect
          label={form.methods}
          description={form.methodsHint}
          placeholder={values.methods.length === 0 ? form.everyMethod : ''}
          data={[...METHODS]}
          value={[...values.methods]}
          onChange={(methods) => onChange({ methods })}
        />
      </div>
      <fieldset className={classes.field}>
        <legend>{form.authentication}</legend>
        <CredentialToggles
          required={values.required}
          onChange={(credential, isOn) => onChange({ required: { ...values.required, [credential]: isOn } })}
        />
        {isOpen && <p className={text.meta}>{form.open}</p>}
      </fieldset>
    </>
  )
}

/** The one step of the first version. */
export function StepFields({ values, onChange }: FieldsProps) {
  const { form } = t.pipelines
  return (
    <fieldset className={classes.field}>
      <legend>{form.step}</legend>
      <SegmentedControl
        value={values.step}
        data={(['proxy', 'respond'] as const).map((step) => ({ value: step, label: form.steps[step] }))}
        onChange={(step) => onChange({ step })}
      />
      <p className={text.meta}>{form.stepHints[values.step]}</p>
      {values.step === 'proxy' ? (
        <TextInput
          label={form.url}
          description={form.urlHint}
          inputMode="url"
          spellCheck={false}
          required
          value={values.url}
          error={!mayBeUrl(values.url) && form.urlWrong}
          onChange={({ currentTarget }) => onChange({ url: currentTarget.value })}
        />
      ) : (
        <Textarea
          label={form.body}
          description={form.bodyHint}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          value={values.body}
          error={!keepsDigits(values.body) && form.bodyWrong}
          onChange={({ currentTarget }) => onChange({ body: currentTarget.value })}
        />
      )}
    </fieldset>
  )
}
