import { Select } from '@mantine/core'
import type { PortalPipeline } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Empty } from '../../../parts/states/empty.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Section } from '../../../parts/section.tsx'
import { Segments } from '../../../parts/segments.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { useSearchChange } from '../../../url/search-change.ts'
import { pipelinesQuery } from '../queries.ts'
import { LANGUAGES, type PortalSearch } from '../search.ts'
import { callLines, placesOf, variablesOf } from './call-lines.ts'
import classes from './how-to-call.module.css'

const ROWS = 4

/** How a program calls what the consumer may call. */
export function HowToCall({ search }: { readonly search: PortalSearch }) {
  const query = useQuery(pipelinesQuery)
  const { call } = t.portal
  return (
    <Section title={call.title}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(pipelines) => {
          const chosen = pipelines.find((each) => valueOf(each) === search.call) ?? pipelines[0]
          if (chosen === undefined) {
            return (
              <Empty title={call.none}>
                <p>{call.noneText}</p>
              </Empty>
            )
          }
          return <Call pipelines={pipelines} chosen={chosen} search={search} />
        }}
      </Loaded>
    </Section>
  )
}

/** Two versions of a pipeline can be live at once. */
function valueOf({ pipeline, version }: PortalPipeline): string {
  return `${pipeline}/${version}`
}

interface CallProps {
  readonly pipelines: readonly PortalPipeline[]
  readonly chosen: PortalPipeline
  readonly search: PortalSearch
}

function Call({ pipelines, chosen, search }: CallProps) {
  const set = useSearchChange<PortalSearch>()
  const { language = 'curl' } = search
  const { call } = t.portal
  const places = placesOf(chosen)
  return (
    <div className={classes.call}>
      <div className={classes.choices}>
        <Select
          className={classes.pipeline}
          aria-label={call.pipeline}
          data={pipelines.map(valueOf)}
          value={valueOf(chosen)}
          allowDeselect={false}
          onChange={(value) => set({ call: value ?? undefined })}
        />
        <Segments
          label={call.language}
          choices={LANGUAGES.map((value) => ({ value, word: call.languages[value] }))}
          value={language}
          onChoose={(value) => set({ language: value })}
        />
      </div>
      <Snippet label={call.lines(call.languages[language])}>{callLines(language, chosen)}</Snippet>
      <p className={text.meta}>
        {[
          call.variables(variablesOf(chosen)),
          ...(places.length > 0 ? [call.places(places)] : []),
          call.methods(chosen.methods),
        ].join(' ')}
      </p>
    </div>
  )
}
