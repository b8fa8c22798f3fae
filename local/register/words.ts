/** A written form, how it is read (full-width katakana), and in some lists what it is in English. */
export interface Word {
  readonly text: string
  readonly kana: string
  readonly english: string
}

const words = (list: string): readonly Word[] =>
  list
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [text = '', kana = '', english = ''] = entry.split(':')
      return { text, kana, english: english.replaceAll('_', ' ') }
    })

/** With the variant characters that real names have: 髙, 﨑, 澤, 𠮷 (outside the basic plane). */
export const surnames = words(`
  佐藤:サトウ 鈴木:スズキ 高橋:タカハシ 髙橋:タカハシ 田中:タナカ 伊藤:イトウ 渡辺:ワタナベ 渡邊:ワタナベ 渡邉:ワタナベ 山本:ヤマモト
  中村:ナカムラ 小林:コバヤシ 加藤:カトウ 吉田:ヨシダ 𠮷田:ヨシダ 山田:ヤマダ 佐々木:ササキ 山口:ヤマグチ 松本:マツモト 井上:イノウエ:Inoue
  木村:キムラ 林:ハヤシ 斎藤:サイトウ 齋藤:サイトウ 清水:シミズ 山崎:ヤマザキ 山﨑:ヤマザキ 森:モリ 阿部:アベ 池田:イケダ 橋本:ハシモト
  石川:イシカワ 前田:マエダ 藤田:フジタ 後藤:ゴトウ 長谷川:ハセガワ 村上:ムラカミ 近藤:コンドウ 石井:イシイ 坂本:サカモト 遠藤:エンドウ
  青木:アオキ 藤井:フジイ 西村:ニシムラ 福田:フクダ 太田:オオタ 三浦:ミウラ 岡田:オカダ 藤原:フジワラ 松田:マツダ 中島:ナカジマ
  中川:ナカガワ 原田:ハラダ 小野:オノ 竹内:タケウチ 金子:カネコ 和田:ワダ 中野:ナカノ 石田:イシダ 上田:ウエダ 柴田:シバタ 酒井:サカイ
  宮崎:ミヤザキ 宮﨑:ミヤザキ 横山:ヨコヤマ 髙木:タカギ 澤田:サワダ 野澤:ノザワ 濵田:ハマダ 川﨑:カワサキ 黒澤:クロサワ 德田:トクダ`)

/** Of the made-up founders. */
export const givenNames = words(`
  一郎:イチロウ 健太:ケンタ 誠:マコト 隆:タカシ 浩二:コウジ 大輔:ダイスケ 直樹:ナオキ 修:オサム 和也:カズヤ 正人:マサト 秀樹:ヒデキ 茂:シゲル
  陽子:ヨウコ 恵子:ケイコ 裕子:ユウコ 美咲:ミサキ 真由美:マユミ 久美子:クミコ 由紀:ユキ 千尋:チヒロ 彩:アヤ 智子:トモコ 典子:ノリコ 葵:アオイ`)

export const pleasantNames = words(`
  さくら:サクラ ひまわり:ヒマワリ あおぞら:アオゾラ みどり:ミドリ 若葉:ワカバ のぞみ:ノゾミ つばさ:ツバサ すこやか:スコヤカ やすらぎ:ヤスラギ
  あさひ:アサヒ ひかり:ヒカリ たんぽぽ:タンポポ けやき:ケヤキ いずみ:イズミ 希望:キボウ 青葉:アオバ 虹:ニジ 鈴蘭:スズラン しらかば:シラカバ`)

/** The names of the corporations, 恵仁会 and the like. */
export const societies = words(`
  恵仁会:ケイジンカイ 博愛会:ハクアイカイ 清和会:セイワカイ 仁愛会:ジンアイカイ 慈光会:ジコウカイ 青雲会:セイウンカイ 緑風会:リョクフウカイ
  明徳会:メイトクカイ 和敬会:ワケイカイ 誠心会:セイシンカイ 春陽会:シュンヨウカイ 啓生会:ケイセイカイ 光洋会:コウヨウカイ 白鳳会:ハクホウカイ`)

export const legalForms = words(`
  医療法人:イリョウホウジン 医療法人社団:イリョウホウジンシャダン 医療法人財団:イリョウホウジンザイダン 社会医療法人:シャカイイリョウホウジン`)

export const directions = words(`
  中央:チュウオウ:Central 東:ヒガシ:East 西:ニシ:West 南:ミナミ:South 北:キタ:North 駅前:エキマエ:Station`)

export const departments = words(`
  内科:ナイカ:Internal_Medicine 内科:ナイカ:Internal_Medicine 小児科:ショウニカ:Pediatrics 皮膚科:ヒフカ:Dermatology 眼科:ガンカ:Eye
  耳鼻咽喉科:ジビインコウカ:ENT 整形外科:セイケイゲカ:Orthopedic 循環器内科:ジュンカンキナイカ:Cardiology 消化器内科:ショウカキナイカ:Gastroenterology
  泌尿器科:ヒニョウキカ:Urology 脳神経外科:ノウシンケイゲカ:Neurosurgery 外科:ゲカ:Surgery 心療内科:シンリョウナイカ:Psychosomatic 産婦人科:サンフジンカ:Obstetrics`)

export const hospitals = words(`
  病院:ビョウイン:Hospital 総合病院:ソウゴウビョウイン:General_Hospital 記念病院:キネンビョウイン:Memorial_Hospital
  リハビリテーション病院:リハビリテーションビョウイン:Rehabilitation_Hospital`)
export const clinics = words(`クリニック:クリニック:Clinic 医院:イイン:Clinic 診療所:シンリョウジョ:Clinic`)
export const dentists = words(`
  歯科医院:シカイイン:Dental_Clinic 歯科クリニック:シカクリニック:Dental_Clinic 歯科:シカ:Dental_Clinic
  矯正歯科:キョウセイシカ:Orthodontic_Clinic デンタルクリニック:デンタルクリニック:Dental_Clinic`)
export const midwives = words(`
  助産院:ジョサンイン:Maternity_Home 助産所:ジョサンジョ:Maternity_Home 母乳相談室:ボニュウソウダンシツ:Breastfeeding_Clinic`)
export const pharmacies = words(`薬局:ヤッキョク:Pharmacy 調剤薬局:チョウザイヤッキョク:Pharmacy`)

/** Parts of towns that exist nearly everywhere. */
export const towns = words(`
  本町:ホンチョウ 栄町:サカエマチ 緑町:ミドリチョウ 大手町:オオテマチ 若松町:ワカマツチョウ 旭町:アサヒマチ 新町:シンマチ 幸町:サイワイチョウ
  東町:ヒガシマチ 西町:ニシマチ 南町:ミナミマチ 北町:キタマチ 桜木町:サクラギチョウ 泉:イズミ 末広町:スエヒロチョウ 錦町:ニシキチョウ`)
