import { Button } from '@mantine/core'
import type { Import } from '@sallyport/sdk'
import { useMemo, useState } from 'react'
import { csv } from '../../../format/csv.ts'
import { csvFile, download } from '../../../parts/download.ts'
import { Icon } from '../../../parts/icon.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import head from '../../../parts/section-head.module.css'
import { SmallTable } from '../../../parts/table/small-table.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { lineRanges, type ProblemGroup, problemGroups } from './problem-groups.ts'

/** So many different problems are shown at first. */
const SHOWN = 20

/** Which lines made no key, and why: lines with the same problem together. */
export function Problems({ shown }: { readonly shown: Import }) {
  const { id, problems, problemCount } = shown
  const groups = useMemo(() => problemGroups(problems), [problems])
  const [isWhole, setWhole] = useState(false)
  const { panel } = t.imports
  const save = (): void => {
    const rows = problems.map(({ line, message }) => [line, message])
    download(panel.file(id), csvFile(csv([panel.fileColumns, ...rows])))
  }
  const listed = isWhole ? groups : groups.slice(0, SHOWN)
  return (
    <PanelSection label={panel.problems}>
      <div className={head.head}>
        <h3>{panel.problemsOf(problemCount)}</h3>
        <Button size="compact-xs" leftSection={<Icon small name="download" />} onClick={save}>
          {panel.save}
        </Button>
      </div>
      <SmallTable
        isWrapping
        caption={panel.problems}
        columns={[{ word: panel.lineColumn }, { word: panel.problemColumn }]}
      >
        {listed.map((group) => (
          <Group key={group.message} group={group} />
        ))}
      </SmallTable>
      {listed.length < groups.length && (
        <Button size="compact-xs" variant="subtle" onClick={() => setWhole(true)}>
          {panel.moreReasons(groups.length - listed.length)}
        </Button>
      )}
      <p className={text.meta}>
        {problemCount > problems.length ? panel.first(problems.length, problemCount) : panel.again}
      </p>
    </PanelSection>
  )
}

function Group({ group: { message, lines } }: { readonly group: ProblemGroup }) {
  const { panel } = t.imports
  const ranges = lineRanges(lines)
  return (
    <tr>
      <td>
        {lines[0] === 0 ? panel.whole : ranges.text}
        {ranges.more > 0 && <div className={text.meta}>{panel.moreLines(ranges.more)}</div>}
      </td>
      <td>{message}</td>
    </tr>
  )
}
