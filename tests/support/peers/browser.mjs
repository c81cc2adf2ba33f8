// SPDX-License-Identifier: MIT
//
// A person with a browser: headless Chromium opens a page, signs in, agrees,
// and what is seen at the end is kept. Usage: browser.mjs FOLDER URL; the
// folder has settings.json, which peers/browser.py writes and explains, and
// gets 1/seen.json and 1/page.png, at the next run 2/seen.json, and so on.
import { X509Certificate, createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { chromium } from 'playwright-core';

const [home, url] = process.argv.slice(2);
const settings = JSON.parse(
	fs.readFileSync(path.join(home, 'settings.json'), 'utf8'));

// What the pages of the provider look like. The person looks at a page for one
// of these and for nothing else: any other page is the end.
const STEPS = {
	login: { sign: 'input[name=login]', act: signIn },
	consent: { sign: 'input[name=prompt][value=consent]', act: go },
	device: { sign: 'input[name=confirm]', act: go },
	code: { sign: 'input[name=user_code][type=text]', act: enter },
};
// A page whose form sends itself off.
const PASSING =
	'form:not(:has([name=confirm])) > [name=user_code][type=hidden]';
const CANCEL = 'a[href$="/abort"], button[name=abort]';

const folder = nextFolder();
const seen = { asked: url, steps: [], visited: [], loaded: [] };

// Each run has a folder of its own: 1, 2, ...
function nextFolder() {
	for (let number = 1; ; number++) {
		const made = path.join(home, String(number));
		try {
			fs.mkdirSync(made);
			fs.writeFileSync(path.join(made, 'pid'), `${process.pid}\n`);
			return made;
		} catch (failure) {
			if (failure.code !== 'EEXIST')
				throw failure;
		}
	}
}

// Only certificates that the tests made are trusted.
function trusted() {
	return settings.certificates.map((file) => {
		const { publicKey } = new X509Certificate(fs.readFileSync(file));
		const der = publicKey.export({ type: 'spki', format: 'der' });
		return createHash('sha256').update(der).digest('base64');
	}).join(',');
}

async function signIn(page) {
	await page.fill('input[name=login]', settings.user);
	await page.fill('input[name=password]', 'x');
	await go(page);
}

async function enter(page) {
	await page.fill('input[name=user_code]', settings.user_code);
	await go(page);
}

function go(page) {
	return leave(page, () => page.click('button[type=submit]:not([name])'));
}

function decline(page) {
	return leave(page, () => page.click(CANCEL));
}

async function leave(page, click) {
	await Promise.all([page.waitForNavigation(), click()]);
}

// The name of the step that the page shows once it is there to stay, or "end".
async function currentStep(page) {
	const signs = Object.entries(STEPS).map(([name, { sign }]) =>
		[name, sign]);
	const found = await page.waitForFunction(({ signs, passing }) => {
		if (document.readyState !== 'complete' ||
		    document.querySelector(passing))
			return undefined;
		const shown = signs.find(([, sign]) =>
			document.querySelector(sign));
		return shown ? shown[0] : 'end';
	}, { signs, passing: PASSING });
	return found.jsonValue();
}

async function walk(page) {
	await page.goto(url);
	for (let i = 0; i < 12; i++) {
		const step = await currentStep(page);
		if (step === 'end')
			return;
		seen.steps.push(step);
		if (step === settings.leave_at)
			return;
		if (step === settings.decline_at)
			return decline(page);
		await STEPS[step].act(page);
	}
	throw new Error('the pages do not come to an end');
}

async function look(page) {
	Object.assign(seen, {
		url: page.url(), title: await page.title(),
		text: await page.innerText('body'), html: await page.content(),
		language: await page.getAttribute('html', 'lang'),
	});
	await page.screenshot({ path: path.join(folder, 'page.png') });
}

const browser = await chromium.launch({
	executablePath: settings.chromium,
	args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
		'--no-first-run', '--disable-background-networking',
		'--disable-component-update', '--disable-sync',
		'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, ' +
			'EXCLUDE 127.0.0.1, EXCLUDE ::1',
		`--ignore-certificate-errors-spki-list=${trusted()}`],
});
try {
	const context = await browser.newContext(
		{ colorScheme: settings.color_scheme, locale: 'en-US' });
	context.setDefaultTimeout(30000);
	const page = await context.newPage();
	page.on('framenavigated', (frame) => {
		seen.visited.push(frame.url());
		seen.loaded = [];
	});
	page.on('request', (request) => {
		if (!request.isNavigationRequest())
			seen.loaded.push(request.url());
	});
	page.on('response', (response) => {
		if (response.request().isNavigationRequest()) {
			seen.status = response.status();
			seen.headers = response.headers();
		}
	});
	await walk(page).catch((failure) => {
		seen.failure = String(failure);
	});
	await look(page);
} catch (failure) {
	seen.failure ??= String(failure);
} finally {
	await browser.close();
	// Whoever waits for the file finds it complete.
	const part = path.join(folder, 'part.json');
	fs.writeFileSync(part, JSON.stringify(seen, null, '\t'));
	fs.renameSync(part, path.join(folder, 'seen.json'));
}
