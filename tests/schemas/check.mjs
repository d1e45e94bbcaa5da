// SPDX-License-Identifier: BSD-2-Clause
//
// check.mjs MODULES FILE...: what in the files is not as Kubernetes and Grafana have it: a line each on
// stdout, "FILE: ...", or "FILE: ok", and status 1 where one is not. FILE.yaml has objects of Kubernetes:
// their JSON schemas, which are those of its API, and their types, which allow no unknown fields, as the
// API server does. FILE.json is a dashboard of Grafana: its own types, those of the panels too. MODULES is
// where tools/schemas.sh has installed these.

import {mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const ts = require('typescript');
const yaml = require('yaml');

// Enumerations of strings are written as strings.
const PLAIN = `type Plain<T> = 0 extends 1 & T ? T : T extends string ? \`\${T}\` :
	T extends (infer U)[] ? Plain<U>[] : T extends object ? {[K in keyof T]: Plain<T[K]>} : T;
`;
const PANELS = {
	heatmap: 'Heatmap', stat: 'Stat', table: 'Table', text: 'Text', timeseries: 'TimeSeries',
};

function modelOf(object) {
	const {apiVersion, kind} = object;
	const place = apiVersion === 'monitoring.coreos.com/v1' ?
		'@kubernetes-models/prometheus-operator' : 'kubernetes-models';

	return `${place}/${apiVersion}/${kind}`;
}

// Statements whose types are wrong where the value is: [type's module, type, value].
function* kubernetesValues(text, say) {
	for (const document of yaml.parseAllDocuments(text, {version: '1.1', uniqueKeys: true})) {
		document.errors.forEach((error) => say(error.message));
		const object = document.toJS();

		if (object.kind === 'Kustomization')
			continue;
		try {
			new (require(modelOf(object))[object.kind])(object).validate();
		} catch (error) {
			say(`${object.kind}: ${error.message}`);
		}
		yield [modelOf(object), `I${object.kind}`, object];
	}
}

function* grafanaValues(text, say) {
	const dashboard = JSON.parse(text);

	yield ['@grafana/schema', 'Dashboard', dashboard];
	for (const panel of dashboard.panels.flatMap((p) => [p, ...(p.panels ?? [])])) {
		const name = PANELS[panel.type];
		const types = `@grafana/schema/dist/esm/raw/composable/${panel.type}/panelcfg/x/${name}PanelCfg_types.gen`;

		if (panel.type === 'row')
			continue;
		if (!name) {
			say(`panel ${panel.title}: there is no type ${panel.type}`);
			continue;
		}
		yield ['@grafana/schema', 'Panel', panel];
		yield [types, 'Options', panel.options];
		if (panel.fieldConfig.defaults.custom)
			yield [types, 'FieldConfig', panel.fieldConfig.defaults.custom];
	}
}

function program(values) {
	let text = PLAIN;

	for (const [i, [module, type, value]] of values.entries())
		text += `import type {${type} as T${i}} from '${module}';\n` +
			`export const v${i}: Plain<T${i}> = ${JSON.stringify(value, null, 1)};\n`;
	return text;
}

// What the compiler says of each file; the first line tells the place, the last one the cause.
function* typeErrors(sources) {
	const work = mkdtempSync(join(tmpdir(), 'schemas-'));

	symlinkSync(join(modules, 'node_modules'), join(work, 'node_modules'));
	sources.forEach((source, i) => writeFileSync(join(work, `f${i}.ts`), source));
	const checked = ts.createProgram(sources.map((_, i) => join(work, `f${i}.ts`)), {
		noEmit: true, strict: true, skipLibCheck: true, types: [], preserveSymlinks: true,
		target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext,
		moduleResolution: ts.ModuleResolutionKind.Bundler,
	});
	for (const {file, start, messageText} of ts.getPreEmitDiagnostics(checked)) {
		const line = file && file.text.slice(file.text.lastIndexOf('\n', start) + 1).split('\n')[0].trim();

		yield [file ? Number(/f(\d+)[.]ts$/.exec(file.fileName)?.[1] ?? 0) : 0,
			`${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ').replace(/\s+/g, ' ')}`];
	}
	rmSync(work, {recursive: true});
}

const said = files.map(() => []);
const sources = files.map((path, i) => {
	const text = readFileSync(path, 'utf8');
	const say = (message) => said[i].push(message);

	return program([...(path.endsWith('.json') ? grafanaValues : kubernetesValues)(text, say)]);
});
for (const [i, message] of typeErrors(sources))
	said[i].push(message);
files.forEach((path, i) => {
	for (const message of said[i].length ? said[i] : ['ok'])
		console.log(`${path}: ${message}`);
});
process.exit(said.some((messages) => messages.length) ? 1 : 0);
