import { NativeSelect } from '@mantine/core';
import { Panel } from '../../components/panel.js';
import { LANGUAGES, chooseLanguage, chosenLanguage } from '../../texts/language.js';
import { texts } from '../../texts/texts.js';

export function SettingsPanel() {
  return (
    <Panel title={texts.profile.language}>
      <NativeSelect
        aria-label={texts.profile.language}
        description={texts.profile.languageHelp}
        value={chosenLanguage()}
        onChange={(event) => {
          const { value } = event.currentTarget;
          chooseLanguage(LANGUAGES.find((language) => language === value) ?? '');
        }}
        data={[
          { value: '', label: texts.profile.languageOfBrowser },
          ...LANGUAGES.map((value) => ({ value, label: texts.profile.languages[value] })),
        ]}
      />
    </Panel>
  );
}
